// Work that one packet asks for and that may take long: it is done in pieces, so that Ctrl-C, signals and the client's
// end are heard in between. There are no threads in this: whoever works gives way by returning.
//
// A monitor command that may have much to do (a walk over all page tables, say) returns the rest of its work:
//
//   Result<Piece> info_mem(...) {
//     return [walk = PageWalk(...)](const Print& print) mutable -> Result<Progress> {
//       for (const PieceTimer timer; !timer.is_up();) {
//         const auto range = walk.next();
//         if (!range) return Progress::Done;
//         print(text_of(*range));
//       }
//       return Progress::Unfinished;
//     };
//   }
//
// The stub calls it at once, and again until it is done, fails, or is given up because of Ctrl-C or the client's end:
// it is destroyed then, wherever it was. Between two calls the guest may run or stop, and nothing else of the client's
// is served. What a piece holds on to must stay valid meanwhile.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "gdbstub/types.h"

namespace gdbstub {

enum class Progress { Done, Unfinished };

using Print = std::function<void(std::string_view)>;
// Empty: there is nothing left to do.
using Piece = std::function<Result<Progress>(const Print&)>;

// How long one piece may take. A single step of the work should be far shorter.
class PieceTimer {
 public:
  static constexpr auto limit = std::chrono::milliseconds(50);

  bool is_up() const { return std::chrono::steady_clock::now() - start_ >= limit; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace gdbstub

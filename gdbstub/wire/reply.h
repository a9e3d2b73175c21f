// One packet being written at the end of the output buffer.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "gdbstub/types.h"

namespace gdbstub {

// Begins a packet when made; finish() completes it, drop() takes it back. Exactly one of the two ends it.
class Reply {
 public:
  enum class Lead : char { Packet = '$', Notification = '%' };
  explicit Reply(std::string& out, Lead lead = Lead::Packet);

  // Protocol text: contains none of `# $ } *`.
  void text(std::string_view text) { out_ += text; }
  template <class... Args>
  void format(fmt::format_string<Args...> pattern, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), pattern, std::forward<Args>(args)...);
  }
  // Text for people: the few characters that would need an escape are replaced.
  void sentence(std::string_view text);
  void hex(Bytes bytes);
  void hex(std::string_view text);
  // Any bytes, escaped.
  void binary(Bytes bytes);
  void binary(std::string_view text);

  // Room for `size` bytes to be filled by the caller and then appended, without a copy in between, as hex or binary.
  // Valid until the reply is touched otherwise.
  MutableBytes stage(std::size_t size);
  // Appends the first `used` bytes of the room.
  void commit_hex(std::size_t used);
  void commit_binary(std::size_t used);
  // Among the last `total` bytes sent as hex, marks `size` of them from `offset` on as unavailable: `x` for each digit.
  void blank_hex(std::size_t total, std::size_t offset, std::size_t size);

  // Takes back what was written so far; the packet goes on.
  void clear() { out_.resize(start_ + 1); }
  // What was written so far, after the packet's first character.
  std::string_view payload() const { return std::string_view(out_).substr(start_ + 1); }
  bool empty() const { return out_.size() == start_ + 1; }
  // The whole packet, ready to be sent, at the end of the buffer.
  std::string_view finish();
  void drop() { out_.resize(start_); }
  // Begins again after drop(), after whatever has been written to the buffer since.
  void restart();

 private:
  void uninitialized_resize(std::size_t size);

  std::string& out_;
  Lead lead_;
  std::size_t start_ = 0;
  std::size_t staged_at_ = 0;
  std::size_t staged_ = 0;
};

}  // namespace gdbstub

// Whether a vCPU has been in the guest for so long that it is to be kicked.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gdbvm {

// Of one vCPU, by how often it has entered and left the guest; asked in equal periods. One that leaves for nothing but
// the kicks, as a halted CPU, is kicked ever more seldom, unless it is looked at often.
class LongRun final {
 public:
  // `runs`: entries and exits so far, odd while it is in the guest. true: it was there in the same run a period ago.
  bool due(std::uint64_t runs, bool often) {
    const bool same = runs == std::exchange(seen_, runs);
    if (!same || runs % 2 == 0) return false;
    const bool only_kicked = runs == kicked_ + 2;
    if (only_kicked && periods_left_ > 0) {
      --periods_left_;
      return false;
    }
    patience_ = only_kicked && !often ? std::min(2 * patience_ + 1, most_patience) : 0;
    periods_left_ = patience_;
    kicked_ = runs;
    return true;
  }

  // It has not been in the guest for a period.
  bool idle(std::uint64_t runs) const { return runs == seen_ && runs % 2 == 0; }

 private:
  static constexpr unsigned most_patience = 15;

  std::uint64_t seen_ = 0, kicked_ = 0;  // `runs` a period ago, and at the last kick
  unsigned patience_ = 0, periods_left_ = 0;
};

}  // namespace gdbvm

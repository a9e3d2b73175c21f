// The breakpoints and watchpoints that the present client has planted, so that none outlives it.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "gdbstub/packets/command.h"
#include "gdbstub/target.h"

namespace gdbstub {

class BreakpointTable {
 public:
  // Plants through the target's capability, which must be there. Returns the target's remark.
  Result<std::string> insert(Target& target, const command::PointLocation& location,
                             std::shared_ptr<const HitAction> action);
  Result<> remove(Target& target, const command::PointLocation& location);
  // Lifts all, even when some fail to be.
  void remove_all(Target& target);
  std::size_t size() const { return planted_.size(); }

 private:
  std::set<command::PointLocation> planted_;
};

}  // namespace gdbstub

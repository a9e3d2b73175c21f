#include "gdbstub/session/breakpoint_table.h"

namespace gdbstub {
namespace {

// Breakpoints differ by kind and address (the length only says how wide an int3 is); watchpoints by length too.
command::PointLocation key_of(command::PointLocation location) {
  if (std::holds_alternative<BreakpointKind>(location.kind)) location.length = 0;
  return location;
}

Result<> lift(Target& target, const command::PointLocation& location) {
  if (const auto* kind = std::get_if<BreakpointKind>(&location.kind)) {
    return target.breakpoints()->remove(*kind, location.address);
  }
  return target.watchpoints()->remove(std::get<WatchKind>(location.kind), location.address, location.length);
}

}  // namespace

Result<std::string> BreakpointTable::insert(Target& target, const command::PointLocation& location,
                                            std::shared_ptr<const HitAction> action) {
  Result<std::string> remark;
  if (const auto* kind = std::get_if<BreakpointKind>(&location.kind)) {
    remark = target.breakpoints()->insert(*kind, location.address, std::move(action));
  } else {
    remark = target.watchpoints()->insert(std::get<WatchKind>(location.kind), location.address, location.length,
                                          std::move(action));
  }
  if (remark) planted_.insert(key_of(location));
  return remark;
}

Result<> BreakpointTable::remove(Target& target, const command::PointLocation& location) {
  const Result<> removed = lift(target, location);
  if (removed) planted_.erase(key_of(location));
  return removed;
}

void BreakpointTable::remove_all(Target& target) {
  for (const auto& location : planted_) static_cast<void>(lift(target, location));
  planted_.clear();
}

}  // namespace gdbstub

// Keeps the list of what is planted in step with the target.
#include "gdbstub/session/breakpoint_table.h"

#include <algorithm>

namespace gdbstub {
namespace {

// Breakpoints differ by kind and address (the length only says how wide an int3 is); watchpoints by length too.
bool is_same(const command::PointLocation& a, const command::PointLocation& b) {
  const bool lengths_count = std::holds_alternative<WatchKind>(a.kind);
  return a.kind == b.kind && a.address == b.address && (!lengths_count || a.length == b.length);
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
  const auto same = [&](const auto& planted) { return is_same(planted, location); };
  if (remark && std::ranges::none_of(planted_, same)) planted_.push_back(location);
  return remark;
}

Result<> BreakpointTable::remove(Target& target, const command::PointLocation& location) {
  const Result<> removed = lift(target, location);
  if (removed) std::erase_if(planted_, [&](const auto& planted) { return is_same(planted, location); });
  return removed;
}

void BreakpointTable::remove_all(Target& target) {
  for (const auto& location : planted_) static_cast<void>(lift(target, location));
  planted_.clear();
}

}  // namespace gdbstub

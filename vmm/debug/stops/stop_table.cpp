// Each edit keeps count of the entries that differ from the plan.
#include "vmm/debug/stops/stop_table.h"

#include <algorithm>
#include <utility>

namespace gdbvm {

using gdbstub::BreakpointKind;
using gdbstub::WatchKind;

namespace {

bool StopTable::Wishes::* wish_of(BreakpointKind kind) {
  return kind == BreakpointKind::Software ? &StopTable::Wishes::software : &StopTable::Wishes::hardware;
}

StopTable::Action& action_of(StopTable::Breakpoint& breakpoint, BreakpointKind kind) {
  return kind == BreakpointKind::Software ? breakpoint.software_action : breakpoint.hardware_action;
}

}  // namespace

void StopTable::set(Breakpoint& breakpoint, Wishes wishes) {
  changes_ -= breakpoint.set != breakpoint.planned;
  breakpoints_set_ -= breakpoint.set.any();
  breakpoint.set = wishes;
  breakpoints_set_ += breakpoint.set.any();
  changes_ += breakpoint.set != breakpoint.planned;
}

void StopTable::set(Watchpoint& watchpoint, bool on) {
  changes_ -= watchpoint.set != watchpoint.planned;
  watchpoints_set_ -= watchpoint.set;
  watchpoint.set = on;
  watchpoints_set_ += on;
  changes_ += on != watchpoint.planned;
}

bool StopTable::add(Breakpoint& breakpoint, bool Wishes::* wish) {
  const bool is_new = !breakpoint.set.debuggers();
  if (is_new) breakpoint.conditions_false = 0;
  Wishes wishes = breakpoint.set;
  wishes.*wish = true;
  set(breakpoint, wishes);
  return is_new;
}

StopTable::Breakpoint* StopTable::drop(Gva address, bool Wishes::* wish) {
  const auto found = breakpoints_.find(address);
  if (found == breakpoints_.end()) return nullptr;
  Wishes wishes = found->second.set;
  wishes.*wish = false;
  set(found->second, wishes);
  ++removals_;
  return &found->second;
}

bool StopTable::insert(BreakpointKind kind, Gva address, Action action) {
  Breakpoint& breakpoint = breakpoints_[address];
  action_of(breakpoint, kind) = std::move(action);
  return add(breakpoint, wish_of(kind));
}

void StopTable::remove(BreakpointKind kind, Gva address) {
  if (Breakpoint* const breakpoint = drop(address, wish_of(kind))) action_of(*breakpoint, kind) = nullptr;
}

bool StopTable::insert(Gva address, Probe probe) {
  Breakpoint& breakpoint = breakpoints_[address];
  breakpoint.probe = std::move(probe);
  return add(breakpoint, &Wishes::trace);
}

void StopTable::remove_probe(Gva address) {
  if (Breakpoint* const breakpoint = drop(address, &Wishes::trace)) breakpoint->probe = nullptr;
}

bool StopTable::insert(WatchKind kind, Gva start, std::uint64_t length, Action action) {
  const auto [at, is_new] = watchpoints_.try_emplace({start, length, kind}, Watchpoint{kind, start, length});
  if (is_new) at->second.order = next_order_++;
  at->second.action = std::move(action);
  const bool was_set = at->second.set;
  set(at->second, true);
  return !was_set;
}

void StopTable::remove(WatchKind kind, Gva start, std::uint64_t length) {
  const auto found = watchpoints_.find({start, length, kind});
  if (found == watchpoints_.end()) return;
  found->second.action = nullptr;
  set(found->second, false);
  ++removals_;
}

void StopTable::set_library_point(std::optional<Gva> address) {
  const auto mark = [&](Gva where, bool on) {
    Breakpoint& breakpoint = breakpoints_[where];
    Wishes wishes = breakpoint.set;
    wishes.library_event = on;
    set(breakpoint, wishes);
  };
  if (library_point_) mark(*library_point_, false);
  if (address) mark(*address, true);
  library_point_ = address;
}

const StopTable::Breakpoint* StopTable::at(Gva address) const {
  const auto found = breakpoints_.find(address);
  return found == breakpoints_.end() || !found->second.set.any() ? nullptr : &found->second;
}

const StopTable::Watchpoint* StopTable::find(WatchKind kind, Gva start, std::uint64_t length) const {
  const auto found = watchpoints_.find({start, length, kind});
  return found == watchpoints_.end() || !found->second.set ? nullptr : &found->second;
}

std::optional<Gva> StopTable::first_breakpoint(Gva from) const {
  const auto found = std::find_if(breakpoints_.lower_bound(from), breakpoints_.end(),
                                  [](const auto& entry) { return entry.second.set.any(); });
  return found == breakpoints_.end() ? std::nullopt : std::optional(found->first);
}

std::vector<const StopTable::Watchpoint*> StopTable::watchpoints() const {
  std::vector<const Watchpoint*> all;
  for (const auto& [key, watchpoint] : watchpoints_) {
    if (watchpoint.set) all.push_back(&watchpoint);
  }
  std::ranges::sort(all, {}, &Watchpoint::order);
  return all;
}

void StopTable::note_planned() {
  std::erase_if(breakpoints_, [](const auto& entry) { return !entry.second.set.any(); });
  std::erase_if(watchpoints_, [](const auto& entry) { return !entry.second.set; });
  for (auto& [address, breakpoint] : breakpoints_) breakpoint.planned = breakpoint.set;
  for (auto& [key, watchpoint] : watchpoints_) watchpoint.planned = true;
  caught_when_planned_ = caught_;
  one_shots_when_planned_ = one_shots_;
  changes_ = 0;
}

}  // namespace gdbvm

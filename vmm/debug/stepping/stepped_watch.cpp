// Watchpoints compared by hand around one native step: by the instruction's operands, and by what changed in memory.
#include "vmm/debug/stepping/stepped_watch.h"

#include <algorithm>
#include <array>

#include "vmm/debug/guest/idt.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

SteppedWatch::SteppedWatch(const ArmedStops& armed, const GuestView& view, Vcpu& vcpu, Which which)
    : view_(view), vcpu_(vcpu) {
  const auto compare = [&](const StopPlan::Watchpoint& watchpoint) {
    watched_.push_back({&watchpoint, contents(watchpoint)});
  };
  const StopPlan& plan = armed.plan();
  if (which == Which::GuardedToo) std::ranges::for_each(plan.watchpoints, compare);
  if (which == Which::Unguarded) {
    for (const std::size_t i : plan.stepped_watches) compare(plan.watchpoints[i]);
  }
  if (watched_.empty()) return;
  std::array<std::uint8_t, 15> bytes{};
  if (const auto count = view.read(vcpu, pc_of(vcpu), bytes)) code_.assign(bytes.begin(), bytes.begin() + *count);
  general_ = vcpu.general();
  system_ = vcpu.system();
}

std::vector<std::uint8_t> SteppedWatch::contents(const StopPlan::Watchpoint& watchpoint) const {
  std::vector<std::uint8_t> bytes(watchpoint.stop->length);
  std::size_t at = 0;
  for (const WatchedRange& piece : watchpoint.pieces) {
    (void)view_.read_physical(piece.start, std::span(bytes).subspan(at, piece.size));
    at += piece.size;
  }
  return bytes;
}

bool SteppedWatch::touched(const StopTable::Watchpoint& watchpoint, std::span<const MemoryAccess> operands) const {
  return std::ranges::any_of(operands, [&](const MemoryAccess& access) {
    const bool wanted = (access.written && watchpoint.kind != gdbstub::WatchKind::Read) ||
                        (access.read && watchpoint.kind != gdbstub::WatchKind::Write);
    return wanted && access.address < watchpoint.start + watchpoint.length &&
           watchpoint.start < access.address + access.size;
  });
}

// A fault, or an interrupt that came first, leads to a handler with the instruction's own address in the frame. A
// repeated instruction has it there as well, but has counted what it has done.
bool SteppedWatch::carried_out() const {
  constexpr std::uint8_t without_error_code = x86::exception::divide_error, with_one = x86::exception::page_fault;
  const auto interrupted = [&](std::uint8_t vector) {
    const auto frame = frame_of(view_, vcpu_, vector);
    return frame && frame->rip == general_.rip && frame->cs == system_.cs.selector;
  };
  const auto& now = vcpu_.general();
  return now.rip == general_.rip || now.rcx != general_.rcx ||
         (!interrupted(without_error_code) && !interrupted(with_one));
}

const StopTable::Watchpoint* SteppedWatch::hit() const {
  if (watched_.empty()) return nullptr;
  const auto operands = memory_operands(code_, general_, system_, &vcpu_.general());
  for (const auto& [watchpoint, before] : watched_) {
    const StopTable::Watchpoint& stop = *watchpoint->stop;
    const bool sees_writes = stop.kind != gdbstub::WatchKind::Read;
    if (sees_writes && contents(*watchpoint) != before) return &stop;
    if (touched(stop, operands) && carried_out()) return &stop;
  }
  return nullptr;
}

}  // namespace gdbvm

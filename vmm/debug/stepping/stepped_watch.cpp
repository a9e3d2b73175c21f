// Watchpoints compared by hand around one native step: by the instruction's operands, and by what changed in memory.
#include "vmm/debug/stepping/stepped_watch.h"

#include <algorithm>
#include <array>

namespace gdbvm {

SteppedWatch::SteppedWatch(const StopPoints& points, const GuestView& view, Vcpu& vcpu, Which which) : view_(view) {
  for (const auto& watchpoint : points.watchpoints()) {
    const bool guarded = watchpoint.mechanism == Mechanism::MemorySlot;
    if (!guarded || which == Which::GuardedToo) {
      watched_.push_back({&watchpoint, contents(watchpoint)});
    }
  }
  if (watched_.empty()) return;
  std::array<std::uint8_t, 15> bytes{};
  const Gva pc = pc_of(vcpu);
  if (const auto count = view.read(vcpu, pc, bytes)) {
    operands_ = memory_operands(std::span(bytes).first(*count), vcpu.general(), vcpu.system());
  }
}

std::vector<std::uint8_t> SteppedWatch::contents(const StopPoints::Watchpoint& watchpoint) const {
  std::vector<std::uint8_t> bytes(watchpoint.length);
  std::size_t at = 0;
  for (const WatchedRange& piece : watchpoint.pieces) {
    (void)view_.read_physical(piece.start, std::span(bytes).subspan(at, piece.size));
    at += piece.size;
  }
  return bytes;
}

bool SteppedWatch::touched(const StopPoints::Watchpoint& watchpoint) const {
  return std::ranges::any_of(operands_, [&](const MemoryAccess& access) {
    const bool wanted = (access.written && watchpoint.kind != gdbstub::WatchKind::Read) ||
                        (access.read && watchpoint.kind != gdbstub::WatchKind::Write);
    return wanted && access.address < watchpoint.start + watchpoint.length &&
           watchpoint.start < access.address + access.size;
  });
}

const StopPoints::Watchpoint* SteppedWatch::hit() const {
  for (const Watched& watched : watched_) {
    const bool sees_writes = watched.watchpoint->kind != gdbstub::WatchKind::Read;
    if (touched(*watched.watchpoint)) return watched.watchpoint;
    if (sees_writes && contents(*watched.watchpoint) != watched.before) return watched.watchpoint;
  }
  return nullptr;
}

}  // namespace gdbvm

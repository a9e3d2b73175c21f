// Which mechanism watches each breakpoint and watchpoint: debug registers, bytes, memory slots, or stepping.
#include <algorithm>

#include "vmm/debug/stops/stop_points.h"
#include "vmm/memory/table_pages.h"

namespace gdbvm {

namespace {

constexpr std::size_t no_watchpoint = ~std::size_t{0};

x86::DebugWatch execute_at(Gva address) { return {address.value, 1, x86::DebugKind::Execute}; }

}  // namespace

std::optional<Gpa> StopPoints::plantable(Vcpu& vcpu, Gva address, std::string& why) const {
  const auto gpa = view_.translate(vcpu, address);
  if (!gpa) {
    why = gpa.error().text;
    return std::nullopt;
  }
  if (!view_.is_ram(*gpa)) {
    why = fmt::format("{} is not RAM", *gpa);
    return std::nullopt;
  }
  const auto mode = stop_mode(vcpu.system(), vcpu.general().rflags);
  const bool code_runs_below = mode == HostStops::Real;
  if (code_runs_below && host_.int3[mode] == HostStops::Int3::GoesToGuest) {
    why = "this host's KVM hands an int3 in real mode to the guest";
    return std::nullopt;
  }
  if (host_.int3[HostStops::Long] == HostStops::Int3::GoesToGuest) {
    why = "this host's KVM hands every int3 to the guest";
    return std::nullopt;
  }
  return *gpa;
}

std::vector<Gpa> StopPoints::plantable_by_any(Gva address, std::string& why) const {
  std::vector<Gpa> places;
  for (Vcpu* each : address_spaces(address)) {
    const auto place = plantable(*each, address, why);
    if (place && std::ranges::find(places, *place) == places.end()) places.push_back(*place);
  }
  return places;
}

// The four debug registers go to breakpoints that can be planted nowhere, then to watchpoints, then to the debugger's
// hardware breakpoints, then to a library point of ours that can be planted nowhere: it is no reason to step. What is
// left goes to planted ones, so that no remapped page and no overwritten byte hides them.
void StopPoints::assign(Vcpu& vcpu) {
  const bool registers_work = host_.execute_register[stop_mode(vcpu.system(), vcpu.general().rflags)];
  guest_debug_ = {};
  guest_debug_.trap_int3 = true;
  registers_ = {};
  watched_by_.fill(no_watchpoint);
  address_spaces_ = find_address_spaces(vcpu);
  // Until there is an IDT, and where no int3 can watch its handlers.
  stepping_ = !caught_.empty() && (vcpu.system().idt.limit == 0 || kernel_int3_goes_to_guest(vcpu));
  for (auto& [address, breakpoint] : breakpoints_) {
    breakpoint.planted = plantable_by_any(address, breakpoint.why);
  }
  assign_user_traps();
  const auto assign_where = [&](bool planted, auto&& chosen) {
    for (auto& [address, breakpoint] : breakpoints_) {
      if (breakpoint.planted.empty() == planted || !chosen(breakpoint)) continue;
      assign_breakpoint(breakpoint, address, registers_work);
    }
  };
  assign_where(false, [](const Breakpoint& its) { return its.debuggers(); });
  for (Watchpoint& watchpoint : watchpoints_) assign_watchpoint(watchpoint, vcpu);
  assign_where(true, [](const Breakpoint& its) { return its.hardware; });
  assign_where(false, [](const Breakpoint& its) { return !its.debuggers(); });
  assign_where(true, [](const Breakpoint& its) { return !its.hardware; });
}

// On such a host neither a debug register nor an intercepted int3 stops code at CPL 3. The int3 stands all the same:
// the guest's handler that gets it is watched, and where there is none, the triple fault tells (see RunControl).
bool StopPoints::user_int3_goes_to_guest() const {
  return host_.int3[HostStops::User] == HostStops::Int3::GoesToGuest && !host_.execute_register[HostStops::User] &&
         host_.int3[HostStops::Long] != HostStops::Int3::GoesToGuest;
}

void StopPoints::assign_user_traps() {
  user_traps_.clear();
  if (breakpoints_.empty() || !user_int3_goes_to_guest()) return;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    const auto handler = user_trap_handler(view_, machine_.vcpu({i}), 3);
    if (!handler || std::ranges::find(user_traps_, *handler) != user_traps_.end()) continue;
    user_traps_.push_back(*handler);
    (void)take_register(execute_at(handler->address), no_watchpoint);  // the first to ask: as a rule there is one
  }
}

void StopPoints::assign_breakpoint(Breakpoint& breakpoint, Gva address, bool registers_work) {
  if (registers_work && take_register(execute_at(address), no_watchpoint)) {
    breakpoint.mechanism = Mechanism::DebugRegister;
    if (!breakpoint.planted.empty()) breakpoint.why = "a debug register is free";
  } else if (!breakpoint.planted.empty()) {
    breakpoint.mechanism = Mechanism::Int3;
    breakpoint.why = registers_work ? "the debug registers are taken" : "debug registers do not stop here";
  } else {
    breakpoint.mechanism = breakpoint.debuggers() ? Mechanism::Stepping : Mechanism::Idle;
    stepping_ = stepping_ || breakpoint.debuggers();
  }
}

bool StopPoints::take_register(const x86::DebugWatch& watch, std::size_t watchpoint) {
  const auto n = registers_.acquire(watch);
  if (!n) return false;
  if (watchpoint != no_watchpoint) watched_by_[*n] = watchpoint;
  guest_debug_.address = registers_.addresses();
  guest_debug_.dr7 = registers_.dr7();
  guest_debug_.use_debug_registers = true;
  return true;
}

bool StopPoints::assign_registers(Watchpoint& watchpoint) {
  if (watchpoint.kind == gdbstub::WatchKind::Read) return false;  // x86 has no such condition
  const auto kind = watchpoint.kind == gdbstub::WatchKind::Write ? x86::DebugKind::Write : x86::DebugKind::Access;
  const auto pieces = x86::split_watch(watchpoint.start.value, watchpoint.length, kind, registers_.free_count());
  if (!pieces) return false;
  const auto place = static_cast<std::size_t>(&watchpoint - watchpoints_.data());
  for (const x86::DebugWatch& piece : *pieces) (void)take_register(piece, place);
  return true;
}

void StopPoints::assign_watchpoint(Watchpoint& watchpoint, Vcpu& vcpu) {
  watchpoint.pieces = locate_by_any(watchpoint, watchpoint.why);
  if (host_.data_register[stop_mode(vcpu.system(), vcpu.general().rflags)] && assign_registers(watchpoint)) {
    watchpoint.mechanism = Mechanism::DebugRegister;
    watchpoint.why.clear();
  } else if (slots_can_watch(watchpoint, vcpu, watchpoint.why)) {
    watchpoint.mechanism = Mechanism::MemorySlot;
  } else {
    watchpoint.mechanism = Mechanism::Stepping;
    stepping_ = true;
  }
}

std::vector<WatchedRange> StopPoints::locate(const Watchpoint& watchpoint, Vcpu& vcpu, std::string& why) const {
  const bool writes = watchpoint.kind == gdbstub::WatchKind::Write;
  const auto what = writes ? WatchedRange::For::Writes : WatchedRange::For::Accesses;
  return locate(watchpoint.start, watchpoint.length, what, vcpu, why);
}

std::vector<WatchedRange> StopPoints::locate_by_any(const Watchpoint& watchpoint, std::string& why) const {
  std::vector<WatchedRange> all;
  for (Vcpu* each : address_spaces(watchpoint.start)) {
    for (const WatchedRange& piece : locate(watchpoint, *each, why)) {
      if (std::ranges::find(all, piece) == all.end()) all.push_back(piece);
    }
  }
  return all;
}

std::vector<WatchedRange> StopPoints::locate(Gva start, std::uint64_t length, WatchedRange::For what, Vcpu& vcpu,
                                             std::string& why) const {
  std::vector<WatchedRange> pieces;
  for (std::uint64_t done = 0; done < length;) {
    const Gva at = start + done;
    const auto gpa = view_.translate(vcpu, at);
    if (!gpa || !view_.is_ram(*gpa)) {
      why = gpa ? fmt::format("there is no RAM at {}", *gpa) : gpa.error().text;
      return {};
    }
    const std::uint64_t size = std::min(length - done, page_size - at.page_offset());
    pieces.push_back({*gpa, size, what});
    done += size;
  }
  return pieces;
}

// Gates appear while the guest runs: writes to its IDT leave, so that a caught exception's handler is known in time.
std::vector<WatchedRange> StopPoints::idt_pages(Vcpu& vcpu) const {
  const auto& idt = vcpu.system().idt;
  std::string why;
  if (caught_.empty() || idt.limit == 0 || !host_.read_only_slots) return {};
  return locate({idt.base}, idt.limit + std::uint64_t{1}, WatchedRange::For::Writes, vcpu, why);
}

bool StopPoints::slots_can_watch(const Watchpoint& watchpoint, Vcpu& vcpu, std::string& why) const {
  if (watchpoint.pieces.empty()) return false;
  const bool writes_only = watchpoint.kind == gdbstub::WatchKind::Write;
  if (!(writes_only ? host_.read_only_slots : host_.absent_slots)) {
    why = "this host's KVM does not report accesses to guarded memory";
    return false;
  }
  for (const WatchedRange& piece : watchpoint.pieces) {
    if (holds_page_tables(machine_.memory(), vcpu.system(), piece.start)) {
      why = "the page holds page tables, which the CPU itself reads and writes";
      return false;
    }
  }
  why = writes_only ? "its pages are read-only for the guest" : "its pages are absent for the guest";
  return true;
}

}  // namespace gdbvm

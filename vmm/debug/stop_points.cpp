// The breakpoints and watchpoints a debugger has set, and by which mechanism each is watched at the moment.
#include "vmm/debug/stop_points.h"

#include <algorithm>
#include <set>

#include "vmm/memory/table_pages.h"

namespace gdbvm {

namespace {

// DR7, SDM vol. 3, 19.2.4: register n is enabled globally by bit 2n + 1; its R/W and LEN bits begin at 16 + 4n.
constexpr std::uint64_t dr7_reserved_one = 1u << 10;
constexpr std::uint64_t on_execute = 0, on_write = 1, on_access = 3;
constexpr std::uint64_t length_bits(std::uint64_t length) { return length == 8 ? 2 : length - 1; }
constexpr std::size_t no_watchpoint = ~std::size_t{0};

// A range as the aligned pieces of 1, 2, 4 or 8 bytes that debug registers take.
std::vector<std::pair<Gva, std::uint64_t>> aligned_pieces(Gva start, std::uint64_t length, std::size_t most) {
  std::vector<std::pair<Gva, std::uint64_t>> pieces;
  while (length > 0 && pieces.size() <= most) {
    std::uint64_t size = 8;
    while (size > length || start.value % size) size /= 2;
    pieces.emplace_back(start, size);
    start = start + size;
    length -= size;
  }
  return pieces;
}

bool overlaps(const WatchedRange& range, const WatchedAccess& access) {
  return range.start < access.start + access.size && access.start < range.start + range.size;
}

bool reports(gdbstub::WatchKind kind, WatchedAccess::Direction direction) {
  if (kind == gdbstub::WatchKind::Access) return true;
  return (kind == gdbstub::WatchKind::Write) == (direction == WatchedAccess::Direction::Write);
}

}  // namespace

StopPoints::StopPoints(Machine& machine, GuestView& view, SoftwareBreakpoints& planted, const HostStops& host)
    : machine_(machine),
      view_(view),
      planted_(planted),
      host_(host),
      guards_(machine.memory(), machine.slots(), planted),
      seen_(machine.cpus()) {}

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::Idle:
      return "idle";
    case Mechanism::Int3:
      return "int3";
    case Mechanism::DebugRegister:
      return "debug register";
    case Mechanism::MemorySlot:
      return "memory slot";
    case Mechanism::Stepping:
      return "stepping";
  }
  return "?";
}

StopPoints::Paging StopPoints::paging_of(Vcpu& vcpu) {
  const auto& s = vcpu.system();
  return {s.cr0 & (x86::cr0::pg | x86::cr0::pe), s.cr3, s.cr4, s.efer, s.idt.base, s.idt.limit};
}

std::string StopPoints::insert(gdbstub::BreakpointKind kind, Gva address,
                               std::shared_ptr<const gdbstub::HitAction> action, Vcpu& vcpu) {
  Breakpoint& breakpoint = breakpoints_[address];
  const bool known = breakpoint.software || breakpoint.hardware;
  (kind == gdbstub::BreakpointKind::Software ? breakpoint.software : breakpoint.hardware) = true;
  (kind == gdbstub::BreakpointKind::Software ? breakpoint.software_action : breakpoint.hardware_action) =
      std::move(action);
  edited_ = true;
  if (known) return {};
  assign(vcpu);
  if (breakpoint.mechanism != Mechanism::Stepping) return {};
  return fmt::format("breakpoint at {}: {}, so the guest is stepped instruction by instruction, which is slow", address,
                     breakpoint.why);
}

void StopPoints::remove(gdbstub::BreakpointKind kind, Gva address) {
  const auto found = breakpoints_.find(address);
  if (found == breakpoints_.end()) return;
  Breakpoint& breakpoint = found->second;
  (kind == gdbstub::BreakpointKind::Software ? breakpoint.software : breakpoint.hardware) = false;
  (kind == gdbstub::BreakpointKind::Software ? breakpoint.software_action : breakpoint.hardware_action) = nullptr;
  if (!breakpoint.software && !breakpoint.hardware) breakpoints_.erase(found);
  edited_ = true;
}

std::string StopPoints::insert(gdbstub::WatchKind kind, Gva start, std::uint64_t length,
                               std::shared_ptr<const gdbstub::HitAction> action, Vcpu& vcpu) {
  remove(kind, start, length);
  watchpoints_.push_back({kind, start, length, std::move(action), {}, {}, {}});
  edited_ = true;
  assign(vcpu);
  const Watchpoint& watchpoint = watchpoints_.back();
  if (watchpoint.mechanism != Mechanism::Stepping) return {};
  return fmt::format("watchpoint at {}: {}, so the guest is stepped instruction by instruction, which is slow", start,
                     watchpoint.why);
}

void StopPoints::remove(gdbstub::WatchKind kind, Gva start, std::uint64_t length) {
  const auto removed = std::erase_if(watchpoints_, [&](const Watchpoint& watchpoint) {
    return watchpoint.kind == kind && watchpoint.start == start && watchpoint.length == length;
  });
  if (removed == 0) return;
  // Places have shifted: no register belongs to anyone until the next arm().
  watched_by_.fill(no_watchpoint);
  edited_ = true;
}

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

// The four debug registers go to breakpoints that can be planted nowhere, then to watchpoints, then to the debugger's
// hardware breakpoints, and what is left to planted ones, so that no remapped page and no overwritten byte hides them.
void StopPoints::assign(Vcpu& vcpu) {
  const bool registers_work = host_.execute_register[stop_mode(vcpu.system(), vcpu.general().rflags)];
  guest_debug_ = {};
  guest_debug_.trap_int3 = true;
  registers_used_ = 0;
  watched_by_.fill(no_watchpoint);
  stepping_ = !caught_.empty() && vcpu.system().idt.limit == 0;  // until there is an IDT whose handlers can be watched
  for (auto& [address, breakpoint] : breakpoints_) {
    breakpoint.planted = plantable(vcpu, address, breakpoint.why);
  }
  assign_user_trap(vcpu);
  for (auto& [address, breakpoint] : breakpoints_) {
    if (!breakpoint.planted) assign_breakpoint(breakpoint, address, registers_work);
  }
  for (Watchpoint& watchpoint : watchpoints_) assign_watchpoint(watchpoint, vcpu);
  for (const bool hardware : {true, false}) {
    for (auto& [address, breakpoint] : breakpoints_) {
      if (breakpoint.planted && breakpoint.hardware == hardware) assign_breakpoint(breakpoint, address, registers_work);
    }
  }
}

// On such a host neither a debug register nor an intercepted int3 stops code at CPL 3. The int3 stands all the same:
// the guest's handler that gets it is watched, and where there is none, the triple fault tells (see RunControl).
bool StopPoints::user_int3_goes_to_guest() const {
  return host_.int3[HostStops::User] == HostStops::Int3::GoesToGuest && !host_.execute_register[HostStops::User] &&
         host_.int3[HostStops::Long] != HostStops::Int3::GoesToGuest;
}

void StopPoints::assign_user_trap(Vcpu& vcpu) {
  user_trap_.reset();
  if (breakpoints_.empty() || !user_int3_goes_to_guest()) return;
  user_trap_ = user_trap_handler(view_, vcpu, 3);
  if (user_trap_) take_register(user_trap_->address, on_execute, no_watchpoint);
}

void StopPoints::assign_breakpoint(Breakpoint& breakpoint, Gva address, bool registers_work) {
  if (registers_work && registers_used_ < debug_registers) {
    take_register(address, on_execute, no_watchpoint);
    breakpoint.mechanism = Mechanism::DebugRegister;
    if (breakpoint.planted) breakpoint.why = "a debug register is free";
  } else if (breakpoint.planted) {
    breakpoint.mechanism = Mechanism::Int3;
    breakpoint.why = registers_work ? "the debug registers are taken" : "debug registers do not stop here";
  } else {
    breakpoint.mechanism = Mechanism::Stepping;
    stepping_ = true;
  }
}

void StopPoints::take_register(Gva address, std::uint64_t condition, std::size_t watchpoint) {
  const unsigned n = registers_used_++;
  guest_debug_.address[n] = address.value;
  guest_debug_.dr7 |= dr7_reserved_one | std::uint64_t{2} << (2 * n) | condition << (16 + 4 * n);
  guest_debug_.use_debug_registers = true;
  watched_by_[n] = watchpoint;
}

bool StopPoints::assign_registers(Watchpoint& watchpoint) {
  if (watchpoint.kind == gdbstub::WatchKind::Read) return false;  // x86 has no such condition
  const std::size_t left = debug_registers - registers_used_;
  const auto pieces = aligned_pieces(watchpoint.start, watchpoint.length, left);
  if (pieces.size() > left) return false;
  const std::uint64_t condition = watchpoint.kind == gdbstub::WatchKind::Write ? on_write : on_access;
  for (const auto& [start, size] : pieces) {
    take_register(start, condition | length_bits(size) << 2,
                  static_cast<std::size_t>(&watchpoint - watchpoints_.data()));
  }
  return true;
}

void StopPoints::assign_watchpoint(Watchpoint& watchpoint, Vcpu& vcpu) {
  watchpoint.pieces = locate(watchpoint, vcpu, watchpoint.why);
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

void StopPoints::plant(Vcpu& vcpu) {
  std::set<Gpa> wanted;
  for (const auto& [handler, vector] : exception_entries_) {
    if (const auto gpa = view_.translate(vcpu, handler)) wanted.insert(*gpa);
  }
  for (const auto& [address, breakpoint] : breakpoints_) {
    const bool needed = breakpoint.mechanism == Mechanism::Int3 || user_int3_goes_to_guest();
    if (needed && breakpoint.planted) wanted.insert(*breakpoint.planted);
  }
  std::vector<Gpa> unwanted;
  for (const auto& [gpa, byte] : planted_.bytes()) {
    if (!wanted.contains(gpa)) unwanted.push_back(gpa);
  }
  for (const Gpa gpa : unwanted) planted_.lift(gpa);
  planted_.repair();
  for (const Gpa gpa : wanted) planted_.plant(gpa);
}

void StopPoints::catch_exceptions(std::set<std::uint8_t> vectors) {
  caught_ = std::move(vectors);
  edited_ = true;
}

std::map<Gva, std::uint8_t> StopPoints::find_exception_entries(Vcpu& vcpu) const {
  std::map<Gva, std::uint8_t> entries;
  for (const std::uint8_t vector : caught_) {
    const auto handler = idt_handler(view_, vcpu, vector);
    if (handler && view_.translate(vcpu, *handler)) entries.emplace(*handler, vector);
  }
  return entries;
}

std::optional<std::uint8_t> StopPoints::exception_entry(Gva pc) const {
  const auto found = exception_entries_.find(pc);
  return found == exception_entries_.end() ? std::nullopt : std::optional(found->second);
}

void StopPoints::guard(Vcpu& vcpu) {
  std::vector<WatchedRange> wanted = idt_pages(vcpu);
  for (const auto& [address, breakpoint] : breakpoints_) {
    // A loader may write over the int3: its byte goes beneath (see SlotWatchpoints::answer).
    const bool alone = breakpoint.mechanism == Mechanism::Int3 && host_.read_only_slots;
    if (alone) wanted.push_back({*breakpoint.planted, 1, WatchedRange::For::Writes});
  }
  for (const Watchpoint& watchpoint : watchpoints_) {
    if (watchpoint.mechanism != Mechanism::MemorySlot) continue;
    wanted.insert(wanted.end(), watchpoint.pieces.begin(), watchpoint.pieces.end());
  }
  if (guards_.guard(wanted, machine_.vm())) return;
  // KVM has no more memory slots: what it cannot guard is stepped.
  (void)guards_.guard({}, machine_.vm());
  for (Watchpoint& watchpoint : watchpoints_) {
    if (watchpoint.mechanism != Mechanism::MemorySlot) continue;
    watchpoint.mechanism = Mechanism::Stepping;
    watchpoint.why = "KVM has no memory slot left";
    stepping_ = true;
  }
}

bool StopPoints::stale(Vcpu& vcpu) {
  if (edited_) return true;
  if (breakpoints_.empty() && watchpoints_.empty() && caught_.empty()) return false;
  if (!caught_.empty() && find_exception_entries(vcpu) != exception_entries_) return true;
  auto& seen = seen_[vcpu.index().value];
  if (user_int3_goes_to_guest() && user_trap_handler(view_, vcpu, 3) != user_trap_) return true;
  const Paging paging = paging_of(vcpu);
  if (seen == paging) return false;
  seen = paging;
  if (!caught_.empty()) return true;
  for (const auto& [address, breakpoint] : breakpoints_) {
    if (breakpoint.mechanism == Mechanism::DebugRegister && !user_int3_goes_to_guest()) continue;
    std::string why;
    const auto now = plantable(vcpu, address, why);
    if (now && now != breakpoint.planted) return true;
  }
  for (const Watchpoint& watchpoint : watchpoints_) {
    if (watchpoint.mechanism == Mechanism::DebugRegister) continue;
    std::string why;
    const auto now = locate(watchpoint, vcpu, why);
    if (!now.empty() && now != watchpoint.pieces) return true;
  }
  return false;
}

void StopPoints::arm(Vcpu& vcpu) {
  if (!edited_ && breakpoints_.empty() && watchpoints_.empty() && caught_.empty()) return;
  assign(vcpu);
  exception_entries_ = find_exception_entries(vcpu);
  plant(vcpu);
  guard(vcpu);
  seen_[vcpu.index().value] = paging_of(vcpu);
  armed_ = {breakpoints_, watchpoints_};
  edited_ = false;
}

void StopPoints::disarm() {
  planted_.lift_all();
  (void)guards_.guard({}, machine_.vm());
  edited_ = true;
}

void StopPoints::memory_replaced() {
  planted_.forget();
  edited_ = true;
}

const StopPoints::Breakpoint* StopPoints::at(Gva address) const {
  const auto found = breakpoints_.find(address);
  return found == breakpoints_.end() ? nullptr : &found->second;
}

const StopPoints::Watchpoint* StopPoints::watched(const WatchedAccess& access) const {
  for (const Watchpoint& watchpoint : watchpoints_) {
    if (!reports(watchpoint.kind, access.direction)) continue;
    for (const WatchedRange& piece : watchpoint.pieces) {
      if (overlaps(piece, access)) return &watchpoint;
    }
  }
  return nullptr;
}

const StopPoints::Watchpoint* StopPoints::watched_by_register(unsigned n) const {
  return watched_by_[n] < watchpoints_.size() ? &watchpoints_[watched_by_[n]] : nullptr;
}

}  // namespace gdbvm

// The breakpoints and watchpoints a debugger has set, and by which mechanism each is watched at the moment.
#include "vmm/debug/stops/stop_points.h"
#include "vmm/x86/exceptions.h"

#include <algorithm>
#include <set>

namespace gdbvm {

namespace {

constexpr std::size_t no_watchpoint = ~std::size_t{0};

bool overlaps(const WatchedRange& range, const WatchedAccess& access) {
  return range.start < access.start + access.size && access.start < range.start + range.size;
}

bool reports(gdbstub::WatchKind kind, WatchedAccess::Direction direction) {
  if (kind == gdbstub::WatchKind::Access) return true;
  return (kind == gdbstub::WatchKind::Write) == (direction == WatchedAccess::Direction::Write);
}

// A CPU that has just been started, or waits for that, gets at no more of the memory that others have mapped.
bool reaches(Vcpu& vcpu, Gva address) {
  constexpr std::uint64_t real_mode_end = 0x10fff0;
  return (vcpu.system().cr0 & x86::cr0::pe) || address.value < real_mode_end;
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

std::vector<Vcpu*> StopPoints::find_address_spaces(Vcpu& first) const {
  std::vector<Vcpu*> found{&first};
  const auto same = [](Vcpu* a, Vcpu* b) {
    const Paging x = paging_of(*a), y = paging_of(*b);
    return x.cr0 == y.cr0 && x.cr3 == y.cr3 && x.cr4 == y.cr4 && x.efer == y.efer;
  };
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    Vcpu* const vcpu = &machine_.vcpu({i});
    if (std::ranges::none_of(found, [&](Vcpu* other) { return same(other, vcpu); })) found.push_back(vcpu);
  }
  return found;
}

std::vector<Vcpu*> StopPoints::address_spaces(Gva address) const {
  std::vector<Vcpu*> found;
  std::ranges::copy_if(address_spaces_, std::back_inserter(found), [&](Vcpu* each) { return reaches(*each, address); });
  if (found.empty()) found.push_back(address_spaces_.front());
  return found;
}

std::string StopPoints::insert(gdbstub::BreakpointKind kind, Gva address,
                               std::shared_ptr<const gdbstub::HitAction> action, Vcpu& vcpu) {
  Breakpoint& breakpoint = breakpoints_[address];
  const bool known = breakpoint.debuggers();
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
  drop_unless_used(found);
}

void StopPoints::drop_unless_used(std::map<Gva, Breakpoint>::iterator breakpoint) {
  if (!breakpoint->second.debuggers() && !breakpoint->second.library_event) breakpoints_.erase(breakpoint);
  edited_ = true;
}

void StopPoints::set_library_point(std::optional<Gva> address) {
  if (address == library_point_) return;
  if (library_point_) {
    const auto before = breakpoints_.find(*library_point_);
    before->second.library_event = false;
    drop_unless_used(before);
  }
  if (address) breakpoints_[*address].library_event = edited_ = true;
  library_point_ = address;
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

void StopPoints::plant() {
  std::set<Gpa> wanted;
  for (const auto& [handler, vector] : exception_entries_) {
    if (stepping_) break;
    for (Vcpu* each : address_spaces(handler)) {
      if (const auto gpa = view_.translate(*each, handler)) wanted.insert(*gpa);
    }
  }
  for (const auto& [address, breakpoint] : breakpoints_) {
    const bool needed = breakpoint.mechanism == Mechanism::Int3 || user_int3_goes_to_guest();
    if (needed) wanted.insert(breakpoint.planted.begin(), breakpoint.planted.end());
  }
  std::vector<Gpa> unwanted;
  for (const auto& [gpa, byte] : planted_.bytes()) {
    if (!wanted.contains(gpa)) unwanted.push_back(gpa);
  }
  for (const Gpa gpa : unwanted) planted_.lift(gpa);
  planted_.repair();
  for (const Gpa gpa : wanted) planted_.plant(gpa);
}

gdbstub::Result<> StopPoints::catch_exceptions(std::set<std::uint8_t> vectors) {
  const bool none_can = host_.int3[HostStops::Long] == HostStops::Int3::GoesToGuest && !host_.step_enters_handler;
  if (none_can && !vectors.empty()) {
    return gdbstub::fail(
        "this host's KVM hands every int3 to the guest and steps into no handler, so no exception can be caught");
  }
  caught_ = std::move(vectors);
  edited_ = true;
  return {};
}

bool StopPoints::kernel_int3_goes_to_guest(Vcpu& vcpu) const {
  const auto mode = stop_mode(vcpu.system(), vcpu.general().rflags);
  return host_.int3[mode == HostStops::User ? HostStops::Long : mode] == HostStops::Int3::GoesToGuest;
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

void StopPoints::guard() {
  std::vector<WatchedRange> wanted;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    const auto pages = idt_pages(machine_.vcpu({i}));
    wanted.insert(wanted.end(), pages.begin(), pages.end());
  }
  for (const auto& [address, breakpoint] : breakpoints_) {
    // A loader may write over the int3: its byte goes beneath (see SlotWatchpoints::answer).
    const bool alone = breakpoint.mechanism == Mechanism::Int3 && host_.read_only_slots;
    if (!alone) continue;
    for (const Gpa place : breakpoint.planted) wanted.push_back({place, 1, WatchedRange::For::Writes});
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
  const auto known = [&](const auto& entry) { return exception_entries_.contains(entry.first); };
  if (!caught_.empty() && !std::ranges::all_of(find_exception_entries(vcpu), known)) return true;
  auto& seen = seen_[vcpu.index().value];
  const bool needs_user_trap = !breakpoints_.empty() && user_int3_goes_to_guest();
  const auto handler = needs_user_trap ? user_trap_handler(view_, vcpu, 3) : std::nullopt;
  if (handler && std::ranges::find(user_traps_, *handler) == user_traps_.end()) return true;
  const Paging paging = paging_of(vcpu);
  if (seen == paging) return false;
  seen = paging;
  if (!caught_.empty()) return true;
  for (const auto& [address, breakpoint] : breakpoints_) {
    if (breakpoint.mechanism == Mechanism::DebugRegister && !user_int3_goes_to_guest()) continue;
    std::string why;
    const auto now = reaches(vcpu, address) ? plantable(vcpu, address, why) : std::nullopt;
    if (now && std::ranges::find(breakpoint.planted, *now) == breakpoint.planted.end()) return true;
  }
  for (const Watchpoint& watchpoint : watchpoints_) {
    if (watchpoint.mechanism == Mechanism::DebugRegister) continue;
    std::string why;
    if (!reaches(vcpu, watchpoint.start)) continue;
    const auto armed = [&](const WatchedRange& piece) {
      return std::ranges::find(watchpoint.pieces, piece) != watchpoint.pieces.end();
    };
    if (!std::ranges::all_of(locate(watchpoint, vcpu, why), armed)) return true;
  }
  return false;
}

void StopPoints::arm(Vcpu& vcpu) {
  if (!edited_ && breakpoints_.empty() && watchpoints_.empty() && caught_.empty()) return;
  assign(vcpu);
  exception_entries_.clear();
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    Vcpu& each = machine_.vcpu({i});
    exception_entries_.merge(find_exception_entries(each));
    seen_[i] = paging_of(each);
  }
  plant();
  guard();
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

bool StopPoints::lacks_user_trap(Vcpu& vcpu) const {
  if (breakpoints_.empty() || !user_int3_goes_to_guest()) return false;
  const auto& system = vcpu.system();
  return (system.efer & x86::efer::lma) && x86::privilege_level(system) != 3 &&
         !user_trap_handler(view_, vcpu, x86::exception::breakpoint);
}

std::optional<UserTrapHandler> StopPoints::user_trap(Gva pc) const {
  const auto found = std::ranges::find(user_traps_, pc, &UserTrapHandler::address);
  return found == user_traps_.end() ? std::nullopt : std::optional(*found);
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

// From a plan to memory, slots and debug registers; and what a hit belongs to.
#include "vmm/debug/stops/armed_stops.h"

#include <algorithm>

namespace gdbvm {

namespace {

PlanInputs without_registers(PlanInputs inputs) {
  for (AddressSpace& space : inputs.spaces) space.registers_stop_code = space.registers_stop_data = false;
  return inputs;
}

std::string slow(std::string_view what, Gva address, std::string_view why) {
  return fmt::format("{} at {}: {}, so the guest is stepped instruction by instruction, which is slow", what, address,
                     why);
}

}  // namespace

ArmedStops::ArmedStops(Machine& machine, GuestView& view, SoftwareBreakpoints& planted, const HostStops& host,
                       StopTable& table)
    : machine_(machine),
      view_(view),
      planted_(planted),
      host_(host),
      table_(table),
      surroundings_(machine, view, host, table),
      guards_(machine.memory(), machine.slots(), planted),
      checked_(machine.cpus()) {}

// ---- remarks: decided for the one stop, unless it can only be had by a register

StopPlan ArmedStops::plan_for(const StopTable& table, const PlanInputs& inputs) {
  if (!table_pages_) table_pages_.emplace(machine_.memory(), inputs.spaces.front().paging);
  return plan_stops(table, host_, inputs, machine_.memory(), *table_pages_);
}

StopPlan ArmedStops::forecast(const PlanInputs& inputs) {
  StopPlan plan = plan_for(table_, inputs);
  forecast_ = {table_.removals(), plan.no_register_for_breakpoints, plan.no_register_for_watchpoints};
  return plan;
}

std::string ArmedStops::remark_on_breakpoint(Gva address, Vcpu& vcpu) {
  if (const auto* before = plan_.at(address); before && !before->places.empty()) return {};
  const PlanInputs inputs = surroundings_.look(vcpu);
  StopTable alone;
  (void)alone.insert(gdbstub::BreakpointKind::Software, address, {});
  const StopPlan own = plan_for(alone, without_registers(inputs));
  if (own.breakpoints.front().mechanism != Mechanism::Stepping) return {};
  const bool none_left = forecast_.removals == table_.removals() && forecast_.no_register_for_breakpoints;
  if (inputs.spaces.front().registers_stop_code && !none_left) {
    if (forecast(inputs).at(address)->mechanism != Mechanism::Stepping) return {};
  }
  return slow("breakpoint", address, own.breakpoints.front().why);
}

std::string ArmedStops::remark_on_watchpoint(gdbstub::WatchKind kind, Gva start, std::uint64_t length, Vcpu& vcpu) {
  const PlanInputs inputs = surroundings_.look(vcpu);
  StopTable alone;
  (void)alone.insert(kind, start, length, {});
  const StopPlan own = plan_for(alone, without_registers(inputs));
  if (own.watchpoints.front().mechanism != Mechanism::Stepping) return {};
  const bool none_left = forecast_.removals == table_.removals() && forecast_.no_register_for_watchpoints;
  if (inputs.spaces.front().registers_stop_data && kind != gdbstub::WatchKind::Read && !none_left) {
    const StopPlan all = forecast(inputs);
    const auto it = std::ranges::find(all.watchpoints, table_.find(kind, start, length), &StopPlan::Watchpoint::stop);
    if (it->mechanism != Mechanism::Stepping) return {};
  }
  return slow("watchpoint", start, own.watchpoints.front().why);
}

// ---- arming

bool ArmedStops::holds(const PlanInputs& now) const {
  PlanInputs same_slots = now;
  same_slots.slots_left = inputs_.slots_left;
  return !must_arm_ && !table_.changed() && same_slots == inputs_ && unchanged(plan_.rests_on, machine_.memory());
}

void ArmedStops::arm(Vcpu& vcpu) {
  if (table_.empty() && !table_.changed() && !must_arm_) return;
  const PlanInputs inputs = surroundings_.look(vcpu);
  if (holds(inputs)) return planted_.repair();
  table_pages_.reset();
  inputs_ = inputs;
  plan_ = plan_for(table_, inputs_);
  carry_out();
  table_.note_planned();
  table_pages_.reset();
  forecast_ = {};
  must_arm_ = false;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) checked_[i] = checked_state(machine_.vcpu({i}));
}

void ArmedStops::carry_out() {
  if (!guards_.guard(plan_.guarded, machine_.vm())) {
    // What KVM cannot guard is stepped.
    inputs_.slots_left = false;
    plan_ = plan_for(table_, inputs_);
    (void)guards_.guard(plan_.guarded, machine_.vm());
  }
  plant();
}

void ArmedStops::plant() {
  std::vector<Gpa> unwanted;
  for (const auto& [place, byte] : planted_.bytes()) {
    if (!std::ranges::binary_search(plan_.int3s, place)) unwanted.push_back(place);
  }
  for (const Gpa place : unwanted) planted_.lift(place);
  planted_.repair();
  for (const Gpa place : plan_.int3s) planted_.plant(place);
}

void ArmedStops::memory_replaced() {
  planted_.forget();
  must_arm_ = true;
}

// ---- out of date?

ArmedStops::Checked ArmedStops::checked_state(Vcpu& vcpu) const {
  return {address_space_of(vcpu, host_).paging, vcpu.system().idt};
}

bool ArmedStops::handlers_moved(Vcpu& vcpu) const {
  const auto is_new = [&](const auto& entry) { return !inputs_.exception_entries.contains(entry.first); };
  if (!table_.caught().empty() && std::ranges::any_of(surroundings_.exception_entries_of(vcpu), is_new)) return true;
  const auto trap = surroundings_.user_trap_of(vcpu);
  return trap && std::ranges::find(inputs_.user_traps, *trap) == inputs_.user_traps.end();
}

bool ArmedStops::recheck(Vcpu& vcpu) {
  if (table_.changed() || must_arm_) return true;
  if (table_.empty()) return false;
  if (handlers_moved(vcpu)) return true;
  auto& checked = checked_[vcpu.index().value];
  const Checked now = checked_state(vcpu);
  if (checked == now) return false;
  checked = now;
  return !table_.caught().empty() || !covers(plan_, address_space_of(vcpu, host_), host_, machine_.memory());
}

// ---- what a hit belongs to

const StopTable::Watchpoint* ArmedStops::watched(const WatchedAccess& access) const {
  const auto found = plan_.index.find(access);
  return found ? plan_.watchpoints[*found].stop : nullptr;
}

const StopTable::Watchpoint* ArmedStops::watched_by_register(unsigned n) const {
  return plan_.watched_by[n] ? plan_.watchpoints[*plan_.watched_by[n]].stop : nullptr;
}

bool ArmedStops::one_shot_at(Vcpu& vcpu, Gva address) const {
  const auto gpa = view_.translate(vcpu, address);
  return gpa && planted_.planted_once(*gpa);
}

std::optional<UserTrapHandler> ArmedStops::user_trap(Gva pc) const {
  const auto found = std::ranges::find(inputs_.user_traps, pc, &UserTrapHandler::address);
  return found == inputs_.user_traps.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::uint8_t> ArmedStops::exception_entry(Gva pc) const {
  const auto found = inputs_.exception_entries.find(pc);
  return found == inputs_.exception_entries.end() ? std::nullopt : std::optional(found->second);
}

gdbstub::Result<> ArmedStops::can_catch_exceptions() const {
  if (host_.int3[HostStops::Long] != HostStops::Int3::GoesToGuest || host_.step_enters_handler) return {};
  return gdbstub::fail(
      "this host's KVM hands every int3 to the guest and steps into no handler, so no exception can be caught");
}

}  // namespace gdbvm

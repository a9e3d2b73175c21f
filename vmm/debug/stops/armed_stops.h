// The stops that are in force: what is planned, planted, guarded and in debug registers now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/debug/stops/plan_inputs.h"
#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/debug/stops/stop_plan.h"
#include "vmm/debug/stops/stop_table.h"

namespace gdbvm {

// Editing the table arms nothing: arm() brings memory and registers in line with it just before the guest runs. What an
// unchanged table costs there does not depend on how many stops it holds, but for the planted bytes and the page table
// entries, which are looked at again: the guest may have changed them. No vCPU is in a turn while this changes. An
// address is meant in the address spaces of all CPUs: where they translate it differently, each of its places is armed.
class ArmedStops final {
 public:
  ArmedStops(Machine& machine, GuestView& view, SoftwareBreakpoints& planted, const HostStops& host, StopTable& table);

  // What the user should know of a stop that was just set; usually nothing: it is had without stepping. `vcpu` is the
  // CPU that it was set for.
  std::string remark_on_breakpoint(Gva address, Vcpu& vcpu);
  std::string remark_on_watchpoint(gdbstub::WatchKind kind, Gva start, std::uint64_t length, Vcpu& vcpu);

  // Arms what is set, by mechanisms that work in the mode that `vcpu` is in.
  void arm(Vcpu& vcpu);
  // RAM has been replaced: nothing is planted any more.
  void memory_replaced();
  // Compares what is armed with the table and with where this CPU is now, unless that has been done since its paging
  // last changed. true: arm() is due. The vCPU's owner may ask during its turn; different vCPUs may ask at once.
  bool recheck(Vcpu& vcpu);

  // The debug-register part of what KVM shall do while the guest runs freely.
  const GuestDebug& guest_debug() const { return plan_.guest_debug; }
  // Some stop has no better mechanism than stepping.
  bool needs_stepping() const { return plan_.needs_stepping; }
  // The last plan carried out: gdb lifts everything at each stop, and this is what was watched before.
  const StopPlan& plan() const { return plan_; }

  // What is set at the address; nullptr: nothing.
  const StopTable::Breakpoint* at(Gva address) const { return table_.at(address); }
  // Which watchpoint an access, or debug register n (0 to 3), belongs to; nullptr: none.
  const StopTable::Watchpoint* watched(const WatchedAccess& access) const;
  const StopTable::Watchpoint* watched_by_register(unsigned n) const;
  // The error says why this host cannot: it neither reports an int3 nor steps into a handler.
  gdbstub::Result<> can_catch_exceptions() const;
  // A guest that turns paging on outside long mode goes on.
  bool host_has_legacy_paging() const { return host_.legacy_paging; }
  bool watches_data() const { return table_.watchpoint_count() > 0; }
  // A byte of ours that stands there once, where this CPU has the address.
  bool one_shot_at(Vcpu& vcpu, Gva address) const;
  // The handler at `pc` that is watched for the int3s of CPL 3, where KVM hands those to the guest.
  std::optional<UserTrapHandler> user_trap(Gva pc) const;
  // A breakpoint at CPL 3 needs such a handler, and this vCPU, which is not at CPL 3, has none yet.
  bool lacks_user_trap(Vcpu& vcpu) const { return surroundings_.lacks_user_trap(vcpu); }
  // And no vCPU had one when the stops were last armed. O(1).
  bool awaits_user_traps() const { return surroundings_.user_trap_needed() && inputs_.user_traps.empty(); }
  // The caught exception whose handler begins at `pc`.
  std::optional<std::uint8_t> exception_entry(Gva pc) const;
  std::optional<Gva> library_point() const { return table_.library_point(); }
  SlotWatchpoints& guards() { return guards_; }
  const SlotWatchpoints& guards() const { return guards_; }

 private:
  struct Checked {  // what decides whether a CPU's stops are where they should be
    x86::SystemRegisters paging;
    x86::DescriptorTable idt;
    bool operator==(const Checked&) const = default;
  };
  Checked checked_state(Vcpu& vcpu) const;
  StopPlan plan_for(const StopTable& table, const PlanInputs& inputs);
  StopPlan forecast(const PlanInputs& inputs);
  bool holds(const PlanInputs& now) const;
  bool handlers_moved(Vcpu& vcpu) const;
  void carry_out();
  void plant();

  Machine& machine_;
  GuestView& view_;
  SoftwareBreakpoints& planted_;
  const HostStops& host_;
  StopTable& table_;
  StopSurroundings surroundings_;
  SlotWatchpoints guards_;
  PlanInputs inputs_;  // of plan_
  StopPlan plan_;
  bool must_arm_ = false;
  // For remarks: the plan of all that was last made for one; nothing removed since, it cannot have become better.
  struct Forecast {
    std::uint64_t removals = ~std::uint64_t{0};
    bool no_register_for_breakpoints = false, no_register_for_watchpoints = false;
  };
  Forecast forecast_;
  std::optional<TablePages> table_pages_;        // as they were when first asked for since the last arm()
  std::vector<std::optional<Checked>> checked_;  // by vCPU
};

}  // namespace gdbvm

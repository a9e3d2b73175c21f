// What a plan of stops depends on besides the table and the host: address spaces and the guest's handlers, as data.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/stops/address_space.h"
#include "vmm/debug/stops/stop_table.h"
#include "vmm/debug/stops/user_traps.h"
#include "vmm/debug/stops/watched_range.h"

namespace gdbvm {

struct PlanInputs {
  std::vector<AddressSpace> spaces;               // all there are; the first is of the CPU that arms; never empty
  std::vector<UserTrapHandler> user_traps;        // where the guest takes the int3s of CPL 3: to be watched
  std::map<Gva, std::uint8_t> exception_entries;  // handlers of caught exceptions, of all CPUs; those that are mapped
  std::vector<WatchedRange> idt_pages;            // gates of caught exceptions may appear here
  bool handlers_need_steps = false;               // no int3 can stand at them, or there is no IDT yet
  bool slots_left = true;                         // KVM has memory slots for all that is to be guarded
  bool operator==(const PlanInputs&) const = default;
};

// On such a host neither a debug register nor an intercepted int3 stops code at CPL 3. The int3 stands all the same:
// the guest's handler that gets it is watched, and where there is none, the triple fault tells.
bool user_int3_goes_to_guest(const HostStops& host);

// Looks at all CPUs of a machine. None is in a turn but, in exception_entries_of() and user_trap_of(), the one asked
// about, by its owner.
class StopSurroundings final {
 public:
  StopSurroundings(Machine& machine, const GuestView& view, const HostStops& host, const StopTable& table)
      : machine_(machine), view_(view), host_(host), table_(table) {}

  PlanInputs look(Vcpu& arming) const;
  std::map<Gva, std::uint8_t> exception_entries_of(Vcpu& vcpu) const;
  // nullopt: nothing is set that needs it, or the guest has none.
  std::optional<UserTrapHandler> user_trap_of(Vcpu& vcpu) const;
  bool lacks_user_trap(Vcpu& vcpu) const;
  bool user_trap_needed() const {
    return (table_.breakpoint_count() > 0 || table_.one_shots()) && user_int3_goes_to_guest(host_);
  }

 private:
  bool handlers_need_steps(Vcpu& arming) const;
  void add_idt_pages(Vcpu& vcpu, std::vector<WatchedRange>& pages) const;

  Machine& machine_;
  const GuestView& view_;
  const HostStops& host_;
  const StopTable& table_;
};

}  // namespace gdbvm

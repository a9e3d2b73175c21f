// The breakpoints and watchpoints a debugger has set, and by which mechanism each is watched at the moment.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/debug/stops/host_stops.h"
#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/debug/stops/user_traps.h"
#include "vmm/machine/machine.h"
#include "vmm/x86/debug_registers.h"

namespace gdbvm {

enum class Mechanism {
  Idle,           // not armed yet: the next resume does it
  Int3,           // a byte in guest memory
  DebugRegister,  // DR0-3
  MemorySlot,     // the page is read-only or absent for the guest (watchpoints)
  Stepping,       // every instruction is stepped and compared: exact and slow
};
std::string_view name_of(Mechanism mechanism);

// What is set (the debugger's table) and what is armed (bytes planted, registers assigned) are kept apart: editing is
// cheap, and arm() brings the second in line with the first just before the guest runs. So a debugger that lifts and
// plants everything at each stop costs nothing. No vCPU is in a turn while this changes. An address is meant in the
// address spaces of all CPUs: where they translate it differently, each of its places is armed.
class StopPoints final {
 public:
  struct Breakpoint {
    bool software = false, hardware = false;
    bool library_event = false;  // of ours: see set_library_point
    bool debuggers() const { return software || hardware; }
    std::shared_ptr<const gdbstub::HitAction> software_action, hardware_action;
    Mechanism mechanism = Mechanism::Idle;
    std::vector<Gpa> planted;  // where an int3 can stand, by any CPU's translation
    std::string why;           // of the mechanism, for `monitor info stops`
    // How often its action let the guest run on; counted on the vCPUs' threads, shared by all copies.
    std::shared_ptr<std::atomic<std::uint64_t>> let_by = std::make_shared<std::atomic<std::uint64_t>>(0);
  };

  struct Watchpoint {
    gdbstub::WatchKind kind;
    Gva start;
    std::uint64_t length;  // bytes
    std::shared_ptr<const gdbstub::HitAction> action;
    Mechanism mechanism = Mechanism::Idle;
    std::vector<WatchedRange> pieces;  // where the range lies in physical memory; empty: no CPU has all of it mapped
    std::string why;
  };

  StopPoints(Machine& machine, GuestView& view, SoftwareBreakpoints& planted, const HostStops& host);

  // The remark says what the user should know of this breakpoint now; usually empty.
  std::string insert(gdbstub::BreakpointKind kind, Gva address, std::shared_ptr<const gdbstub::HitAction> action,
                     Vcpu& vcpu);
  void remove(gdbstub::BreakpointKind kind, Gva address);

  std::string insert(gdbstub::WatchKind kind, Gva start, std::uint64_t length,
                     std::shared_ptr<const gdbstub::HitAction> action, Vcpu& vcpu);
  void remove(gdbstub::WatchKind kind, Gva start, std::uint64_t length);

  // Where the guest passes after its libraries have changed; nullopt: nowhere. Never a reason to step the guest.
  void set_library_point(std::optional<Gva> address);
  std::optional<Gva> library_point() const { return library_point_; }

  // Stop where the guest's exceptions of these vectors (below 32) arrive: at their handlers' first instructions.
  // Nothing stops there on a host that neither reports an int3 nor steps into a handler: an error then.
  gdbstub::Result<> catch_exceptions(std::set<std::uint8_t> vectors);
  const std::set<std::uint8_t>& caught() const { return caught_; }
  // The caught exception whose handler begins at `pc`.
  std::optional<std::uint8_t> exception_entry(Gva pc) const;

  // Arms what is set, by mechanisms that work in the mode that `vcpu` is in. Cheap when nothing has changed.
  void arm(Vcpu& vcpu);
  // Takes everything of ours out of guest memory; arm() brings it back.
  void disarm();
  // RAM has been replaced: nothing is planted any more.
  void memory_replaced();
  // Something was edited since, or this vCPU's paging has changed and a breakpoint is not where it should be now. The
  // vCPU's owner may ask during its turn; different vCPUs may ask at once.
  bool stale(Vcpu& vcpu);

  // The debug-register part of what KVM shall do while the guest runs freely.
  const GuestDebug& guest_debug() const { return guest_debug_; }
  // Some breakpoint has no better mechanism than stepping.
  bool needs_stepping() const { return stepping_; }

  const Breakpoint* at(Gva address) const;
  // Which watchpoint an access, or debug register n (0 to 3), belongs to; nullptr: none.
  const Watchpoint* watched(const WatchedAccess& access) const;
  const Watchpoint* watched_by_register(unsigned n) const;
  std::span<const Watchpoint> watchpoints() const { return watchpoints_; }
  SlotWatchpoints& guards() { return guards_; }
  // The handler at `pc` that is watched for the int3s of CPL 3, where KVM hands those to the guest.
  std::optional<UserTrapHandler> user_trap(Gva pc) const;
  // A breakpoint at CPL 3 needs such a handler, and this vCPU, which is not at CPL 3, has none yet.
  bool lacks_user_trap(Vcpu& vcpu) const;
  const std::map<Gva, Breakpoint>& breakpoints() const { return breakpoints_; }
  // What was watched when the guest last ran: gdb takes everything out at each stop.
  struct Armed {
    std::map<Gva, Breakpoint> breakpoints;
    std::vector<Watchpoint> watchpoints;
  };
  const Armed& armed() const { return armed_; }

 private:
  struct Paging {  // what a translation depends on
    std::uint64_t cr0, cr3, cr4, efer;
    std::uint64_t idt_base;
    std::uint16_t idt_limit;
    bool operator==(const Paging&) const = default;
  };
  static Paging paging_of(Vcpu& vcpu);
  // One CPU for each way of translating addresses that there is now, `first` before all.
  std::vector<Vcpu*> find_address_spaces(Vcpu& first) const;
  void drop_unless_used(std::map<Gva, Breakpoint>::iterator breakpoint);
  // Those of them that get at `address`.
  std::vector<Vcpu*> address_spaces(Gva address) const;
  std::optional<Gpa> plantable(Vcpu& vcpu, Gva address, std::string& why) const;
  std::vector<Gpa> plantable_by_any(Gva address, std::string& why) const;
  // stop_assignment.cpp: who is watched by what
  void assign(Vcpu& vcpu);
  void assign_breakpoint(Breakpoint& breakpoint, Gva address, bool registers_work);
  void assign_watchpoint(Watchpoint& watchpoint, Vcpu& vcpu);
  bool assign_registers(Watchpoint& watchpoint);
  bool slots_can_watch(const Watchpoint& watchpoint, Vcpu& vcpu, std::string& why) const;
  bool user_int3_goes_to_guest() const;
  bool kernel_int3_goes_to_guest(Vcpu& vcpu) const;
  void assign_user_traps();
  std::map<Gva, std::uint8_t> find_exception_entries(Vcpu& vcpu) const;
  // The physical pieces of a range; empty, and why, unless all of it is RAM.
  std::vector<WatchedRange> locate(Gva start, std::uint64_t length, WatchedRange::For what, Vcpu& vcpu,
                                   std::string& why) const;
  std::vector<WatchedRange> locate(const Watchpoint& watchpoint, Vcpu& vcpu, std::string& why) const;
  std::vector<WatchedRange> locate_by_any(const Watchpoint& watchpoint, std::string& why) const;
  // false: all registers are taken.
  bool take_register(const x86::DebugWatch& watch, std::size_t watchpoint);
  // stop_points.cpp: bringing memory in line
  void plant();
  void guard();
  std::vector<WatchedRange> idt_pages(Vcpu& vcpu) const;

  Machine& machine_;
  GuestView& view_;
  SoftwareBreakpoints& planted_;
  const HostStops& host_;
  SlotWatchpoints guards_;
  std::map<Gva, Breakpoint> breakpoints_;
  std::optional<Gva> library_point_;
  std::vector<Watchpoint> watchpoints_;
  GuestDebug guest_debug_;
  x86::DebugRegisterFile registers_;
  std::vector<UserTrapHandler> user_traps_;  // of all CPUs
  Armed armed_;
  std::set<std::uint8_t> caught_;
  std::map<Gva, std::uint8_t> exception_entries_;                    // by handler, of all CPUs; those that are mapped
  std::array<std::size_t, x86::debug_register_count> watched_by_{};  // the watchpoint's place, or none
  std::vector<Vcpu*> address_spaces_;                                // when last assigned
  bool stepping_ = false;
  bool edited_ = false;
  std::vector<std::optional<Paging>> seen_;  // by vCPU: the paging its breakpoints were last compared with
};

}  // namespace gdbvm

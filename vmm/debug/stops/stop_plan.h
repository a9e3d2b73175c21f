// By which mechanism each stop that is set will be had, and why: decided from data, without touching the guest.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "vmm/debug/stops/address_resolver.h"
#include "vmm/debug/stops/plan_inputs.h"
#include "vmm/debug/stops/stop_table.h"
#include "vmm/debug/stops/watch_index.h"
#include "vmm/memory/table_pages.h"
#include "vmm/x86/debug_registers.h"

namespace gdbvm {

enum class Mechanism {
  Idle,           // none: it waits for its address to be mapped
  Int3,           // a byte in guest memory
  DebugRegister,  // DR0-3
  MemorySlot,     // the page is read-only or absent for the guest (watchpoints)
  Stepping,       // every instruction is stepped and compared: exact and slow
};
std::string_view name_of(Mechanism mechanism);

struct StopPlan {
  struct Breakpoint {
    Gva address;
    const StopTable::Breakpoint* stop;  // in the table, until its next plan
    Mechanism mechanism = Mechanism::Idle;
    std::vector<Gpa> places;  // where an int3 can stand, by any address space
    std::string why{};
  };
  struct Watchpoint {
    const StopTable::Watchpoint* stop;
    Mechanism mechanism = Mechanism::Idle;
    std::vector<WatchedRange> pieces{};  // where it lies in physical memory; empty: no address space maps all of it
    std::string why{};
  };
  std::vector<Breakpoint> breakpoints;  // by address
  std::vector<Watchpoint> watchpoints;  // as they were set
  GuestDebug guest_debug;               // what KVM shall do while the guest runs freely
  std::array<std::optional<std::size_t>, x86::debug_register_count> watched_by{};  // register -> watchpoint
  bool needs_stepping = false;                                                     // some stop has no better mechanism
  // Of those that only a register could have watched, one found none free: so will the next of its kind.
  bool no_register_for_breakpoints = false, no_register_for_watchpoints = false;
  std::vector<Gpa> int3s;                    // sorted, each once
  std::vector<WatchedRange> guarded;         // by memory slots
  std::vector<std::size_t> stepped_watches;  // watchpoints that a single step has to compare by itself
  WatchIndex index;
  std::vector<SeenEntry> rests_on;  // the page table entries by which everything was found

  const Breakpoint* at(Gva address) const;
};

// The four debug registers go to breakpoints that can be planted nowhere, then to watchpoints, then to the debugger's
// hardware breakpoints, then to a library point of ours that can be planted nowhere: it is no reason to step. What is
// left goes to planted ones, so that no remapped page and no overwritten byte hides them. O(N log N).
StopPlan plan_stops(const StopTable& table, const HostStops& host, const PlanInputs& inputs, const GuestMemory& memory,
                    TablePages& table_pages);

// A CPU in this address space stops wherever it should by what is planned: nothing lies elsewhere for it.
bool covers(const StopPlan& plan, const AddressSpace& space, const HostStops& host, const GuestMemory& memory);

}  // namespace gdbvm

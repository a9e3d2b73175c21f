// What the debugger has set: breakpoints, watchpoints, caught exceptions; and whether a plan of it is out of date.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// Editing is O(log N) and touches neither the guest nor its CPUs. gdb lifts everything at each stop and sets it anew at
// each resume: so a lifted stop keeps its entry until the next plan, and when it is set again in between, nothing has
// changed. No vCPU is in a turn while the table is edited; pointers to entries stay valid until note_planned().
class StopTable final {
 public:
  using Action = std::shared_ptr<const gdbstub::HitAction>;
  using Probe = std::shared_ptr<const gdbstub::TraceProbe>;

  // Who wants the guest to stop at an address.
  struct Wishes {
    bool software = false, hardware = false;
    bool library_event = false;  // of ours: see set_library_point
    bool trace = false;          // told to a probe, and no stop
    bool debuggers() const { return software || hardware || trace; }
    bool any() const { return debuggers() || library_event; }
    bool operator==(const Wishes&) const = default;
  };
  struct Breakpoint {
    Wishes set, planned;
    Action software_action, hardware_action;
    Probe probe;
    // How often its condition was false; counted on the vCPUs' threads, from 0 when it is set.
    mutable std::atomic<std::uint64_t> conditions_false{0};
  };
  struct Watchpoint {
    gdbstub::WatchKind kind;
    Gva start;
    std::uint64_t length;  // bytes
    Action action{};
    std::uint64_t order = 0;  // ascending as they were set
    bool set = false, planned = false;
  };

  // false: it was set before, and has a new action now.
  bool insert(gdbstub::BreakpointKind kind, Gva address, Action action);
  void remove(gdbstub::BreakpointKind kind, Gva address);
  bool insert(Gva address, Probe probe);
  void remove_probe(Gva address);
  bool insert(gdbstub::WatchKind kind, Gva start, std::uint64_t length, Action action);
  void remove(gdbstub::WatchKind kind, Gva start, std::uint64_t length);

  // Where the guest passes after its libraries have changed; nullopt: nowhere. Never a reason to step the guest.
  void set_library_point(std::optional<Gva> address);
  std::optional<Gva> library_point() const { return library_point_; }

  // Stop where the guest's exceptions of these vectors (below 32) arrive: at their handlers' first instructions.
  // Whether this host can is for can_catch_exceptions() to say.
  void catch_exceptions(std::set<std::uint8_t> vectors) { caught_ = std::move(vectors); }
  const std::set<std::uint8_t>& caught() const { return caught_; }

  // Places of ours that are passed once: see OneShots.
  void set_one_shots(bool on) { one_shots_ = on; }
  bool one_shots() const { return one_shots_; }

  // What is set there; nullptr: nothing.
  const Breakpoint* at(Gva address) const;
  const Watchpoint* find(gdbstub::WatchKind kind, Gva start, std::uint64_t length) const;
  // The first address from there on where something is set.
  std::optional<Gva> first_breakpoint(Gva from) const;
  std::size_t breakpoint_count() const { return breakpoints_set_; }
  std::size_t watchpoint_count() const { return watchpoints_set_; }
  bool empty() const { return breakpoints_set_ + watchpoints_set_ == 0 && caught_.empty() && !one_shots_; }

  // By address, those that were lifted since the last plan among them.
  const std::map<Gva, Breakpoint>& breakpoints() const { return breakpoints_; }
  // What is set, in the order it was first set in. O(N log N).
  std::vector<const Watchpoint*> watchpoints() const;

  // Something is set otherwise than it was planned. O(1).
  bool changed() const {
    return changes_ != 0 || caught_ != caught_when_planned_ || one_shots_ != one_shots_when_planned_;
  }
  // Counts what can only make room: a removal.
  std::uint64_t removals() const { return removals_; }
  // A plan has been made of what is set now. Forgets what is lifted. O(N).
  void note_planned();

 private:
  using WatchKey = std::tuple<Gva, std::uint64_t, gdbstub::WatchKind>;
  bool add(Breakpoint& breakpoint, bool Wishes::* wish);
  // nullptr: nothing is known there.
  Breakpoint* drop(Gva address, bool Wishes::* wish);
  void set(Breakpoint& breakpoint, Wishes wishes);
  void set(Watchpoint& watchpoint, bool on);

  std::map<Gva, Breakpoint> breakpoints_;
  std::map<WatchKey, Watchpoint> watchpoints_;
  std::optional<Gva> library_point_;
  std::set<std::uint8_t> caught_, caught_when_planned_;
  bool one_shots_ = false, one_shots_when_planned_ = false;
  std::size_t breakpoints_set_ = 0, watchpoints_set_ = 0;
  std::size_t changes_ = 0;  // entries whose `set` is not their `planned`
  std::uint64_t next_order_ = 0, removals_ = 0;
};

}  // namespace gdbvm

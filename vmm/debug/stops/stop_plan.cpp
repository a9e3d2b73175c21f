// Debug registers, bytes, memory slots, or stepping: who gets what.
#include "vmm/debug/stops/stop_plan.h"

#include <algorithm>
#include <functional>

namespace gdbvm {

namespace {

x86::DebugWatch execute_at(Gva address) { return {address.value, 1, x86::DebugKind::Execute}; }

template <class T>
void add_once(std::vector<T>& all, const T& one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

WatchedRange::For purpose_of(gdbstub::WatchKind kind) {
  return kind == gdbstub::WatchKind::Write ? WatchedRange::For::Writes : WatchedRange::For::Accesses;
}

// The physical pieces of a range; empty, and why, unless all of it is RAM.
std::vector<WatchedRange> locate(const StopTable::Watchpoint& watch, const AddressSpace& space,
                                 AddressResolver& resolver, std::string& why) {
  std::vector<WatchedRange> pieces;
  for (std::uint64_t done = 0; done < watch.length;) {
    const Gva at = watch.start + done;
    const auto place = resolver.resolve(space, at);
    if (!place) {
      why = place.error().text;
      return {};
    }
    const std::uint64_t size = std::min(watch.length - done, page_size - at.page_offset());
    pieces.push_back({*place, size, purpose_of(watch.kind)});
    done += size;
  }
  return pieces;
}

class Planner final {
 public:
  Planner(const HostStops& host, const PlanInputs& inputs, const GuestMemory& memory, TablePages& table_pages)
      : host_(host), inputs_(inputs), resolver_(memory), table_pages_(table_pages) {}

  StopPlan plan(const StopTable& table) {
    plan_.guest_debug.trap_int3 = true;
    plan_.needs_stepping = inputs_.handlers_need_steps;
    for (const auto& [address, stop] : table.breakpoints()) {
      if (stop.set.any()) locate_breakpoint(address, stop);
    }
    for (const UserTrapHandler& trap : inputs_.user_traps) (void)take_register(execute_at(trap.address));
    using Wishes = StopTable::Wishes;
    assign_where(false, [](const Wishes& its) { return its.debuggers(); });
    for (const StopTable::Watchpoint* stop : table.watchpoints()) assign_watchpoint(*stop);
    assign_where(true, [](const Wishes& its) { return its.hardware; });
    assign_where(false, [](const Wishes& its) { return !its.debuggers(); });
    assign_where(true, [](const Wishes& its) { return !its.hardware; });
    choose_bytes();
    choose_guards();
    index_watchpoints();
    plan_.rests_on = resolver_.seen_entries();
    return std::move(plan_);
  }

 private:
  const AddressSpace& arming() const { return inputs_.spaces.front(); }

  template <class F>
  void for_each_space(Gva address, F&& f) {
    bool any = false;
    for (const AddressSpace& space : inputs_.spaces) {
      if (!space.reaches(address)) continue;
      any = true;
      f(space);
    }
    if (!any) f(arming());
  }

  std::optional<Gpa> plantable(const AddressSpace& space, Gva address, std::string& why) {
    const auto place = resolver_.resolve(space, address);
    if (!place) {
      why = place.error().text;
      return std::nullopt;
    }
    if (space.int3_stops) return *place;
    const bool never = host_.int3[HostStops::Long] == HostStops::Int3::GoesToGuest;
    why = never ? "this host's KVM hands every int3 to the guest"
                : "this host's KVM hands an int3 in real mode to the guest";
    return std::nullopt;
  }

  void locate_breakpoint(Gva address, const StopTable::Breakpoint& stop) {
    StopPlan::Breakpoint breakpoint{address, &stop, {}, {}};
    for_each_space(address, [&](const AddressSpace& space) {
      if (const auto place = plantable(space, address, breakpoint.why)) add_once(breakpoint.places, *place);
    });
    plan_.breakpoints.push_back(std::move(breakpoint));
  }

  void assign_where(bool has_place, bool (*chosen)(const StopTable::Wishes&)) {
    for (StopPlan::Breakpoint& breakpoint : plan_.breakpoints) {
      if (breakpoint.places.empty() != has_place && chosen(breakpoint.stop->set)) assign(breakpoint);
    }
  }

  void assign(StopPlan::Breakpoint& breakpoint) {
    const bool registers_work = arming().registers_stop_code;
    if (registers_work && take_register(execute_at(breakpoint.address))) {
      breakpoint.mechanism = Mechanism::DebugRegister;
      if (!breakpoint.places.empty()) breakpoint.why = "a debug register is free";
    } else if (!breakpoint.places.empty()) {
      breakpoint.mechanism = Mechanism::Int3;
      breakpoint.why = registers_work ? "the debug registers are taken" : "debug registers do not stop here";
    } else if (breakpoint.stop->set.debuggers()) {
      breakpoint.mechanism = Mechanism::Stepping;
      plan_.needs_stepping = plan_.no_register_for_breakpoints = true;
    }
  }

  std::optional<unsigned> take_register(const x86::DebugWatch& watch) {
    const auto n = registers_.acquire(watch);
    if (!n) return std::nullopt;
    plan_.guest_debug.address = registers_.addresses();
    plan_.guest_debug.dr7 = registers_.dr7();
    plan_.guest_debug.use_debug_registers = true;
    return n;
  }

  bool assign_registers(const StopTable::Watchpoint& stop) {
    if (!arming().registers_stop_data || stop.kind == gdbstub::WatchKind::Read) return false;  // x86 has no such kind
    const auto kind = stop.kind == gdbstub::WatchKind::Write ? x86::DebugKind::Write : x86::DebugKind::Access;
    const auto pieces = x86::split_watch(stop.start.value, stop.length, kind, registers_.free_count());
    if (!pieces) return false;
    for (const x86::DebugWatch& piece : *pieces) {
      if (const auto n = take_register(piece)) plan_.watched_by[*n] = plan_.watchpoints.size();
    }
    return true;
  }

  void assign_watchpoint(const StopTable::Watchpoint& stop) {
    StopPlan::Watchpoint watchpoint{&stop};
    for_each_space(stop.start, [&](const AddressSpace& space) {
      for (const WatchedRange& piece : locate(stop, space, resolver_, watchpoint.why)) {
        add_once(watchpoint.pieces, piece);
      }
    });
    if (assign_registers(stop)) {
      watchpoint.mechanism = Mechanism::DebugRegister;
      watchpoint.why.clear();
    } else if (slots_can_watch(watchpoint)) {
      watchpoint.mechanism = Mechanism::MemorySlot;
    } else {
      watchpoint.mechanism = Mechanism::Stepping;
      plan_.needs_stepping = true;
      if (registers_.free_count() == 0) plan_.no_register_for_watchpoints = true;
    }
    plan_.watchpoints.push_back(std::move(watchpoint));
  }

  bool slots_can_watch(StopPlan::Watchpoint& watchpoint) {
    if (watchpoint.pieces.empty()) return false;
    const bool writes_only = watchpoint.stop->kind == gdbstub::WatchKind::Write;
    const auto on_table = [&](const WatchedRange& piece) { return table_pages_.contains(piece.start); };
    if (!(writes_only ? host_.read_only_slots : host_.absent_slots)) {
      watchpoint.why = "this host's KVM does not report accesses to guarded memory";
    } else if (std::ranges::any_of(watchpoint.pieces, on_table)) {
      watchpoint.why = "the page holds page tables, which the CPU itself reads and writes";
    } else if (!inputs_.slots_left) {
      watchpoint.why = "KVM has no memory slot left";
    } else {
      watchpoint.why = writes_only ? "its pages are read-only for the guest" : "its pages are absent for the guest";
      return true;
    }
    return false;
  }

  void choose_bytes() {
    for (const auto& [handler, vector] : inputs_.exception_entries) {
      if (plan_.needs_stepping) break;
      for_each_space(handler, [&](const AddressSpace& space) {
        if (const auto place = resolver_.resolve(space, handler)) plan_.int3s.push_back(*place);
      });
    }
    for (const StopPlan::Breakpoint& breakpoint : plan_.breakpoints) {
      if (breakpoint.mechanism != Mechanism::Int3 && !user_int3_goes_to_guest(host_)) continue;
      plan_.int3s.insert(plan_.int3s.end(), breakpoint.places.begin(), breakpoint.places.end());
    }
    std::ranges::sort(plan_.int3s);
    plan_.int3s.erase(std::unique(plan_.int3s.begin(), plan_.int3s.end()), plan_.int3s.end());
  }

  void choose_guards() {
    if (!inputs_.slots_left) return;
    plan_.guarded = inputs_.idt_pages;
    for (const StopPlan::Breakpoint& breakpoint : plan_.breakpoints) {
      // A loader may write over the int3: its byte goes beneath (see SlotWatchpoints::answer).
      if (breakpoint.mechanism != Mechanism::Int3 || !host_.read_only_slots) continue;
      for (const Gpa place : breakpoint.places) plan_.guarded.push_back({place, 1, WatchedRange::For::Writes});
    }
    for (const StopPlan::Watchpoint& watchpoint : plan_.watchpoints) {
      if (watchpoint.mechanism != Mechanism::MemorySlot) continue;
      plan_.guarded.insert(plan_.guarded.end(), watchpoint.pieces.begin(), watchpoint.pieces.end());
    }
  }

  void index_watchpoints() {
    for (std::size_t i = 0; i < plan_.watchpoints.size(); ++i) {
      const StopPlan::Watchpoint& watchpoint = plan_.watchpoints[i];
      for (const WatchedRange& piece : watchpoint.pieces) plan_.index.add(piece, watchpoint.stop->kind, i);
      if (watchpoint.mechanism != Mechanism::MemorySlot) plan_.stepped_watches.push_back(i);
    }
    plan_.index.finish();
  }

  const HostStops& host_;
  const PlanInputs& inputs_;
  AddressResolver resolver_;
  TablePages& table_pages_;
  x86::DebugRegisterFile registers_;
  StopPlan plan_;
};

}  // namespace

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

const StopPlan::Breakpoint* StopPlan::at(Gva address) const {
  const auto found = std::ranges::lower_bound(breakpoints, address, {}, &Breakpoint::address);
  return found == breakpoints.end() || found->address != address ? nullptr : &*found;
}

StopPlan plan_stops(const StopTable& table, const HostStops& host, const PlanInputs& inputs, const GuestMemory& memory,
                    TablePages& table_pages) {
  return Planner(host, inputs, memory, table_pages).plan(table);
}

bool covers(const StopPlan& plan, const AddressSpace& space, const HostStops& host, const GuestMemory& memory) {
  AddressResolver resolver(memory);
  for (const StopPlan::Breakpoint& breakpoint : plan.breakpoints) {
    if (breakpoint.mechanism == Mechanism::DebugRegister && !user_int3_goes_to_guest(host)) continue;
    if (!space.int3_stops || !space.reaches(breakpoint.address)) continue;
    const auto place = resolver.resolve(space, breakpoint.address);
    if (place && std::ranges::find(breakpoint.places, *place) == breakpoint.places.end()) return false;
  }
  for (const StopPlan::Watchpoint& watchpoint : plan.watchpoints) {
    if (watchpoint.mechanism == Mechanism::DebugRegister || !space.reaches(watchpoint.stop->start)) continue;
    std::string why;
    const auto armed = [&](const WatchedRange& piece) {
      return std::ranges::find(watchpoint.pieces, piece) != watchpoint.pieces.end();
    };
    if (!std::ranges::all_of(locate(*watchpoint.stop, space, resolver, why), armed)) return false;
  }
  return true;
}

}  // namespace gdbvm

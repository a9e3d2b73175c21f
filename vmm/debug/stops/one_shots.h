// Places where the guest is noticed when it first executes what is there. It does not stop for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/debug/stops/address_resolver.h"
#include "vmm/debug/stops/host_stops.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

// An int3 stands at each of them until it is passed, so that a place that has been passed costs nothing any more. What
// is not mapped yet, or has been overwritten, is looked for again now and then, and whenever a CPU has come to other
// page tables. Breakpoints of the debugger at the same places are not disturbed. No vCPU is in a turn, but for due().
class OneShots final {
 public:
  struct Place {
    Gva address;                // as it is linked
    std::optional<Gpa> loaded;  // where it has been put with the image, before anything is mapped
  };
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // All outlive it.
  OneShots(Machine& machine, SoftwareBreakpoints& planted, const HostStops& host,
           Now now = std::chrono::steady_clock::now);

  // In place of all others; none has been passed.
  void watch(std::vector<Place> places);
  // Which have been passed, in their order.
  const std::vector<bool>& passed();

  // Some may be found from here that were not found before. By the vCPU's owner in its turn.
  bool due(Vcpu& vcpu) const;
  // Wherever one of the CPUs translates the addresses to. `slide`: how far the program has moved from where it is
  // linked; nullopt: it is going to move.
  void plant(Vcpu& vcpu, std::optional<std::uint64_t> slide);
  // RAM has been replaced: nothing is planted any more.
  void memory_replaced();
  // Some are still to be found.
  bool looks() const { return !sought_.empty(); }

 private:
  static constexpr std::chrono::milliseconds shortest_pause{50}, longest_pause{3200};

  void collect();
  bool plant_place(std::size_t place, const std::vector<AddressSpace>& spaces, std::optional<std::uint64_t> slide,
                   AddressResolver& resolver);
  bool plant_at(Gpa where, std::size_t place);

  Machine& machine_;
  SoftwareBreakpoints& planted_;
  const HostStops& host_;
  const Now now_;
  std::vector<Place> places_;
  std::vector<bool> passed_;
  std::vector<std::size_t> sought_;  // neither planted nor passed
  std::map<Gpa, std::size_t> at_;    // which place each byte stands for
  bool looks_at_once_ = false;
  std::chrono::steady_clock::time_point next_look_{};
  std::chrono::milliseconds pause_ = shortest_pause;
  std::vector<x86::SystemRegisters> seen_;  // by CPU: how it translated when they were last looked for
};

}  // namespace gdbvm

// The machine: RAM, CPUs and devices put together, and what they do with an exit. It knows no debugger.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/devices/bus.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/hypervisor/vm.h"
#include "vmm/machine/slot_table.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

// What the machine made of an exit.
namespace outcome {
struct Done {};         // run on
struct Interrupted {};  // run() was kicked, or a signal came
struct Exit {           // the guest asked for the end of the machine
  std::uint8_t status;
};
struct Reset {};      // the guest asked for a reset
struct Unhandled {};  // not the machine's: debug stops, triple faults, KVM's own failures
}  // namespace outcome
using Outcome = std::variant<outcome::Done, outcome::Interrupted, outcome::Exit, outcome::Reset, outcome::Unhandled>;

class Machine final {
 public:
  // Creates `cpus` vCPUs, maps RAM and installs the plan. vm and bus outlive the machine. Throws as Vm does.
  // `observe` is told each call that prepares RAM, for the trace.
  Machine(Vm& vm, Bus& bus, std::uint64_t memory_size, unsigned cpus, boot::BootPlan plan,
          const std::function<void(std::string_view call)>& observe = {});

  std::size_t cpus() const { return vcpus_.size(); }
  Vcpu& vcpu(VcpuIndex index) { return *vcpus_[index.value]; }
  std::vector<Vcpu*> all_vcpus();
  GuestMemory& memory() { return memory_; }
  const GuestMemory& memory() const { return memory_; }
  SlotTable& slots() { return slots_; }
  Vm& vm() { return vm_; }
  Bus& bus() { return bus_; }
  MemoryBus& memory_bus() { return memory_bus_; }
  const boot::BootPlan& plan() const { return plan_; }

  // Answers I/O and MMIO. Called by the vCPU's owner; different vCPUs may call at once.
  Outcome handle(const Exit& exit);
  // Before a vCPU's next instruction: devices go on with what a write asked for. false: not all of it is done, as the
  // calling thread is wanted elsewhere, and the vCPU must not run yet.
  [[nodiscard]] bool catch_up() { return memory_bus_.catch_up(); }
  // Everything as before the first instruction. No vCPU may be running.
  void reset();

  // What the machine's own timers count: the host's time without what set_back_clocks() took. From any thread.
  std::chrono::nanoseconds time() const;
  // kvmclock, the TSCs and the machine's own time lose that time; the RTC does not. No vCPU may be running.
  void set_back_clocks(std::chrono::nanoseconds by);

  // For devices, from any thread: the access that asks for it ends with outcome::Exit or outcome::Reset.
  void request_exit(std::uint8_t status);
  void request_reset();

 private:
  void install_plan();
  Outcome take_request();

  Vm& vm_;
  Bus& bus_;
  MemoryBus memory_bus_;
  GuestMemory memory_;
  SlotTable slots_;
  boot::BootPlan plan_;
  std::vector<std::unique_ptr<Vcpu>> vcpus_;
  static constexpr int no_request = -1, reset_request = 256;
  std::atomic<int> request_ = no_request;
  std::atomic<std::chrono::nanoseconds> unseen_{std::chrono::nanoseconds{0}};
};

}  // namespace gdbvm

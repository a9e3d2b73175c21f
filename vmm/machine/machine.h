// The machine: RAM, CPUs and devices put together, and what they do with an exit. It knows no debugger.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/hypervisor/vm.h"
#include "vmm/machine/chipset.h"
#include "vmm/machine/kvmclock.h"
#include "vmm/machine/processor.h"
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
  // Creates the chipset's number of vCPUs, maps RAM and installs the plan. vm and chipset outlive the machine. Throws
  // as Vm does. `observe` is told each call that prepares RAM, for the trace.
  Machine(Vm& vm, Chipset& chipset, std::uint64_t memory_size, boot::BootPlan plan,
          const std::function<void(std::string_view call)>& observe = {});

  std::size_t cpus() const { return vcpus_.size(); }
  Processor& vcpu(VcpuIndex index) { return *vcpus_[index.value]; }
  std::vector<Vcpu*> all_vcpus();
  GuestMemory& memory() { return memory_; }
  const GuestMemory& memory() const { return memory_; }
  SlotTable& slots() { return slots_; }
  Vm& vm() { return vm_; }
  Bus& bus() { return chipset_.bus; }
  MemoryBus& memory_bus() { return chipset_.memory_bus; }
  Interrupts& interrupts() { return chipset_.interrupts; }
  Chipset& chipset() { return chipset_; }
  const boot::BootPlan& plan() const { return plan_; }

  // Answers I/O and MMIO of that CPU. Called by the vCPU's owner; different vCPUs may call at once.
  Outcome handle(VcpuIndex cpu, const Exit& exit);
  // Before a vCPU's next instruction: devices go on with what a write asked for. false: not all of it is done, as the
  // calling thread is wanted elsewhere, and the vCPU must not run yet.
  [[nodiscard]] bool catch_up() { return chipset_.memory_bus.catch_up(); }
  // Everything as before the first instruction. No vCPU may be running.
  void reset();
  // What the machine starts from is what `restore` makes of it, in place of the plan: now, and after each reset. RAM is
  // what its file has, which is mapped already (GuestMemory::map_file()). No vCPU may be running.
  void start_from(std::function<void()> restore);

  // See Processor::set_trace(); of different CPUs at once. Before the first run.
  void set_interrupt_trace(const InterruptTrace& trace);

  // The machine's time: it stands until the first vCPU is to run, and again whenever none does.
  Clock& clock() { return chipset_.clock; }
  // What counts the host's time in the guest, kvmclock and the TSCs, loses that time. No vCPU may be running.
  void set_back_clocks(std::chrono::nanoseconds by);
  // Told of the CPU, of which there is one, from now on; nullptr: nobody. It does not run.
  void set_moments(Moments* moments);
  // That vCPU will not run for a while: others see to the machine's timers.
  void rests(VcpuIndex cpu);

  // For devices, from any thread: the access that asks for it ends with outcome::Exit or outcome::Reset.
  void request_exit(std::uint8_t status);
  void request_reset();
  // After the state before it has been put back.
  void forget_requests() { request_ = no_request; }

 private:
  void install_plan();
  void read_or_write(const exits::Io& io);
  void read_or_write(const exits::Mmio& mmio);
  Outcome take_request();

  Vm& vm_;
  Chipset& chipset_;
  GuestMemory memory_;
  SlotTable slots_;
  Kvmclock kvmclock_;
  boot::BootPlan plan_;
  Moments* moments_ = nullptr;
  std::function<void()> restore_;  // empty: the plan is what the machine starts from
  std::vector<std::unique_ptr<Processor>> vcpus_;
  static constexpr int no_request = -1, reset_request = 256;
  std::atomic<int> request_ = no_request;
};

}  // namespace gdbvm

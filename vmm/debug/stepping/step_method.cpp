#include "vmm/debug/stepping/step_method.h"

#include "vmm/debug/guest/idt.h"
#include "vmm/debug/stepping/user_step.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

// KVM steps, and into a fault's handler as well.
class NativeStep : public StepMethod {
 public:
  explicit NativeStep(bool leaves_trap) : leaves_trap_(leaves_trap) {}
  StepResult step(StepRun& run) const final {
    GuestDebug request = run.request();
    request.single_step = true;
    watch_arrivals(run, request);
    run.vcpu().set_guest_debug(request);
    return run.execute();
  }
  bool covers_trap_flag() const final { return true; }
  // Each page that KVM has to bring first can leave a trap.
  unsigned repeats() const final {
    constexpr unsigned pages_of_an_instruction = 8;
    return leaves_trap_ ? pages_of_an_instruction : 0;
  }

 private:
  virtual void watch_arrivals(StepRun&, GuestDebug&) const {}

  bool leaves_trap_;
};

// The step's TF is cleared on the way into a handler, and the step lost: the handlers of what the instruction can raise
// are watched by debug registers. So is where an iret leads, which can lose TF as well.
class WatchedStep final : public NativeStep {
 public:
  using NativeStep::NativeStep;

 private:
  void watch_arrivals(StepRun& run, GuestDebug& request) const override {
    using namespace x86::exception;
    const Instruction& instruction = run.before().instruction;
    const bool soft = instruction.kind == Instruction::Kind::Interrupt;
    const bool returns = instruction.kind == Instruction::Kind::InterruptReturn;
    const std::array<std::uint8_t, 4> vectors{page_fault, general_protection, invalid_opcode,
                                              soft ? instruction.vector : divide_error};
    for (unsigned i = 0; i < vectors.size(); ++i) {
      const auto arrival = returns && i == 3 ? interrupted_code(run.view(), run.vcpu())
                                             : idt_handler(run.view(), run.vcpu(), vectors[i]);
      if (arrival && *arrival != pc_of(run.vcpu())) request.stop_at(i, *arrival);
    }
  }
};

std::shared_ptr<const StepMethod> method_for(const HostStops& host, HostStops::Mode mode) {
  if (mode == HostStops::User && !host.single_step[mode]) return std::make_shared<UserStep>();
  if (!host.step_enters_handler) return std::make_shared<WatchedStep>(!host.step_traps_once);
  return std::make_shared<NativeStep>(!host.step_traps_once);
}

}  // namespace

HostStepping::HostStepping(const HostStops& host)
    : stops_at_address_(host.execute_register),
      leaves_trap_(!host.step_traps_once),
      shutdown_keeps_state_(host.shutdown_keeps_state) {
  for (int mode = 0; mode < HostStops::mode_count; ++mode) {
    methods_[static_cast<std::size_t>(mode)] = method_for(host, static_cast<HostStops::Mode>(mode));
  }
}

}  // namespace gdbvm

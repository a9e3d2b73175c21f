// A vCPU's thread on an errand: turns whose stops nobody else hears of.
#include <utility>

#include "vmm/debug/control/vcpu_thread.h"

namespace gdbvm {

using namespace gdbstub;

VcpuState VcpuThread::run_errand() {
  struct Over {
    VcpuThread& thread;
    ~Over() {
      thread.plan_ = {};
      thread.told_.reset();
      thread.end_of_errand_.reset();
    }
  };
  const auto run = [this, errand = std::exchange(errand_, nullptr)] {
    const Over over{*this};
    return errand();
  };
  return unless(run(), VcpuState::Settling);
}

bool VcpuThread::lets_others_in() {
  const VcpuIndex cpu = vcpu_.index();
  if (end_of_errand_) return false;
  if (!guest_.gate.turn_should_end(cpu)) return true;
  guest_.gate.leave(cpu);
  if (guest_.gate.enter(cpu)) return true;
  end_of_errand_.emplace(guest_.gate, cpu);
  return false;
}

void VcpuThread::put_elsewhere(const std::function<void()>& replace) {
  access_.settle();
  guest_.planted.lift_all();
  guest_.memory_replaced();
  replace();
  guest_.armed.arm(vcpu_);
  trap_due_ = interrupts_due_ = false;
  still_ = {};
}

void VcpuThread::plan_again(ResumeKind kind, bool step_off) {
  plan_ = {};
  plan_.action.kind = kind;
  plan_.step_off = step_off;
  plan_.again = true;
}

StopOrGo VcpuThread::turn_again() {
  told_.emplace();
  const VcpuState next = turn();
  if (next == VcpuState::Alone) {
    turn_alone();
  } else if (next == VcpuState::Resetting) {
    *told_ = VcpuStop{stop::Exited{0}, {}};
  }
  const StopOrGo told = std::move(*told_);
  told_.reset();
  return told;
}

StopOrGo VcpuThread::stop_here() {
  const Gva pc = pc_of(vcpu_);
  return guest_.armed.at(pc) ? judge_.at_breakpoint(pc) : std::nullopt;
}

std::optional<WatchedPages> VcpuThread::watched_pages(Waited waited) const {
  return gdbvm::watched_pages(guest_.stops, guest_.machine.memory(), vcpu_.system(), waited);
}

}  // namespace gdbvm

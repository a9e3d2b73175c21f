#include "vmm/machine/processor.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "vmm/x86/exceptions.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {

namespace {
x86::RunState first_state(VcpuIndex cpu) {
  return cpu.value == 0 ? x86::RunState::Runnable : x86::RunState::WaitsForStart;
}
}  // namespace

Processor::Processor(std::unique_ptr<BareVcpu> cpu, Interrupts& interrupts, TimerQueue& timers, const Clock& clock)
    : cpu_(std::move(cpu)),
      interrupts_(interrupts),
      timers_(timers),
      clock_(clock),
      state_(first_state(cpu_->index())) {}

void Processor::reset() {
  cpu_->reset();
  state_ = first_state(index());
  handed_over_ = {};
  nmi_ = unfinished_ = false;
}

void Processor::set_guest_debug(const GuestDebug& debug) {
  debug_ = debug;
  cpu_->set_guest_debug(debug);
}

Interrupts::Apic Processor::apic() {
  return cpu_->system().apic_base & x86::apic_base::enabled ? Interrupts::Apic::Enabled : Interrupts::Apic::Disabled;
}

// The guest's write to it is no exit. An APIC that is disabled there knows nothing any more (SDM vol. 3, 11.4.3).
void Processor::follow_apic_base() {
  if (apic() == Interrupts::Apic::Disabled) interrupts_.init_apic(index());
}

// Nor is its move to CR8, which is the local APIC's task priority as well.
void Processor::follow_task_priority() {
  if (apic() == Interrupts::Apic::Enabled) interrupts_.set_cr8(index(), cpu_->task_priority());
}

x86::LocalApicRegisters Processor::local_apic() {
  follow_task_priority();
  return interrupts_.local_apic(index());
}

bool Processor::answer(const exits::Mmio& mmio) {
  const std::uint64_t base = cpu_->system().apic_base;
  const std::uint64_t offset = mmio.address.value - (base & x86::apic_base::page);
  if (!(base & x86::apic_base::enabled) || offset >= page_size || mmio.bytes.size() > page_size - offset) return false;
  follow_task_priority();
  if (mmio.direction == exits::Mmio::Direction::Read) {
    interrupts_.read_apic(index(), offset, mmio.bytes);
  } else {
    interrupts_.write_apic(index(), offset, mmio.bytes);
    cpu_->set_task_priority(interrupts_.cr8(index()));
  }
  return true;
}

Exit Processor::run() {
  for (;;) {
    if (const auto exit = settle_for_news()) return *exit;
    if (!wait_until_runnable()) return exits::Interrupted{};
    if (const auto exit = deliver()) return *exit;
    if (!interrupts_.enter(index())) continue;
    if (moments_) moments_->enters();
    cpu_->set_alarm(alarm());
    const Exit exit = cpu_->run();
    interrupts_.leave(index());
    if (moments_) moments_->left();
    return left_by(exit);
  }
}

std::optional<BareVcpu::HostTime> Processor::alarm() {
  const auto event = next_event();
  const auto due = debug_.block_interrupts ? std::nullopt : event;
  return moments_ ? moments_->alarm(due) : due;
}

// Where an access has been answered and something else has come since, its instruction comes first.
std::optional<Exit> Processor::settle_for_news() {
  if (!moments_ || !unfinished_ || !moments_->news()) return std::nullopt;
  const Exit exit = complete();
  return std::holds_alternative<exits::Interrupted>(exit) ? std::nullopt : std::optional(exit);
}

bool Processor::wait_until_runnable() {
  for (;;) {
    look_around();
    if (state_ == x86::RunState::Runnable || woken()) return true;
    if (!interrupts_.enter(index())) continue;
    const auto wake = wait();
    interrupts_.leave(index());
    if (wake == BareVcpu::Wake::Kicked) return false;
  }
}

BareVcpu::Wake Processor::wait() {
  if (!moments_) return cpu_->wait(next_event());
  switch (moments_->waits()) {
    case Moments::Wait::IsOver:
      return BareVcpu::Wake::Alarm;
    case Moments::Wait::BreaksOff:
      return BareVcpu::Wake::Kicked;
    case Moments::Wait::Begins:
      break;
  }
  const auto wake = cpu_->wait(next_event());
  moments_->waited();
  return wake;
}

// What is due and what has come, before it runs.
void Processor::look_around() {
  if (moments_) moments_->looks();
  timers_.run_due();
  follow_apic_base();
  follow_task_priority();
  take_signals();
}

Exit Processor::complete() { return left_by(cpu_->complete()); }

Exit Processor::left_by(Exit exit) {
  unfinished_ = leaves_unfinished(exit);
  if (std::holds_alternative<exits::Halt>(exit)) state_ = x86::RunState::Halted;
  if (handed_over_.interrupt || handed_over_.nmi) settle_handed_over();
  return exit;
}

void Processor::halt() {
  state_ = x86::RunState::Halted;
  if (moments_) moments_->halts();
}

// What has not been taken is taken back: else a step that keeps interrupts off would end in a handler, and a CPU that
// the debugger halts would never be woken.
void Processor::settle_handed_over() {
  x86::VcpuEvents events = cpu_->events();
  if (trace_) trace_taken(handed_over_, events);
  handed_over_ = {};
  const bool nmi = events.nmi.injected || events.nmi.pending;
  if (!nmi && !events.interrupt.injected) return;
  if (moments_) moments_->gave_back();
  if (events.interrupt.injected) interrupts_.give_back(index(), events.interrupt.nr);
  // KVM blocks further NMIs as soon as it injects one.
  if (events.nmi.injected) events.nmi.masked = 0;
  events.interrupt.injected = events.nmi.injected = events.nmi.pending = 0;
  nmi_ = nmi_ || nmi;
  cpu_->set_events(events);
}

void Processor::trace_taken(const HandedOver& handed, const x86::VcpuEvents& left) const {
  const auto trace = [&](std::uint8_t vector) {
    trace_({.cpu = cpu_->index(), .vector = vector, .rip = handed.rip, .time = handed.time});
  };
  if (handed.nmi && !left.nmi.injected && !left.nmi.pending) trace(x86::exception::nmi);
  if (handed.interrupt && !left.interrupt.injected) trace(*handed.interrupt);
}

void Processor::take_signals() {
  const LocalApic::Signals signals = interrupts_.take_signals(index());
  nmi_ = nmi_ || signals.nmi;
  if (signals.init) init();
  if (signals.start_up && state_ == x86::RunState::WaitsForStart) start(*signals.start_up);
}

void Processor::init() {
  // An access that the INIT interrupts must not be completed into the new state.
  if (unfinished_) (void)complete();
  interrupts_.init_apic(index());
  x86::SystemRegisters system = x86::power_on::system(index().value == 0);
  system.apic_base = cpu_->system().apic_base;
  cpu_->set_events(x86::power_on::events());
  cpu_->set_general(x86::power_on::general());
  if (!cpu_->set_system(system) || !cpu_->set_debug_registers(x86::power_on::debug_registers()))
    throw std::runtime_error("KVM refuses the state of a CPU after INIT");
  state_ = first_state(index());
  nmi_ = unfinished_ = false;
}

// SDM vol. 3, 9.4.4: at the first byte of the page.
void Processor::start(std::uint8_t page) {
  x86::SystemRegisters system = cpu_->system();
  system.cs.selector = static_cast<std::uint16_t>(page << 8);
  system.cs.base = std::uint64_t{page} << 12;
  x86::GeneralRegisters general = cpu_->general();
  general.rip = 0;
  cpu_->set_general(general);
  if (!cpu_->set_system(system)) throw std::runtime_error("KVM refuses the state of a CPU that is started");
  state_ = x86::RunState::Runnable;
}

// Out of a hlt: by what could be delivered, whether it is kept off or not.
bool Processor::woken() {
  if (state_ != x86::RunState::Halted) return false;
  const bool interrupt = accepts_interrupts(*cpu_) && interrupts_.pending(index(), apic());
  const bool nmi = nmi_ && !cpu_->events().nmi.masked;
  if (!nmi && !interrupt) return false;
  state_ = x86::RunState::Runnable;
  return true;
}

std::optional<std::uint8_t> Processor::hand_over() {
  look_around();
  if (state_ != x86::RunState::Runnable || unfinished_) return std::nullopt;
  const x86::VcpuEvents events = cpu_->events();
  if (nmi_ && !events.nmi.masked && events.interrupt.shadow == 0) {
    hand_over_nmi();
    return handed_over_.nmi ? std::optional(x86::exception::nmi) : std::nullopt;
  }
  if (interrupts_.pending(index(), apic())) hand_over_interrupt();
  return handed_over_.interrupt;
}

void Processor::hand_over_nmi() {
  if (!may_deliver()) return;
  nmi_ = false;
  cpu_->inject_nmi();
  handed_over_.nmi = true;
  note_for_trace();
}

void Processor::hand_over_interrupt() {
  if (!accepts_interrupts(*cpu_) || !may_deliver()) return;
  const auto vector = interrupts_.acknowledge(index(), apic());
  if (!vector) return;
  cpu_->inject_interrupt(*vector);
  handed_over_.interrupt = vector;
  note_for_trace();
}

void Processor::note_for_trace() {
  if (!trace_) return;
  handed_over_.rip = cpu_->general().rip;
  handed_over_.time = clock_.now();
}

// Between two instructions: an access that KVM has not finished yet comes first, and may have a further part.
std::optional<Exit> Processor::deliver() {
  const bool waits = interrupts_.pending(index(), apic());
  cpu_->request_interrupt_window(false);
  if (debug_.block_interrupts || (!waits && !nmi_)) return std::nullopt;
  if (unfinished_) {
    const Exit exit = complete();
    if (!std::holds_alternative<exits::Interrupted>(exit)) return exit;
  }
  if (nmi_) hand_over_nmi();
  if (waits && !(moments_ && handed_over_.nmi)) hand_over_interrupt();
  if (waits && !(moments_ && moments_->dictates()))
    cpu_->request_interrupt_window(interrupts_.pending(index(), apic()));  // a further one
  return std::nullopt;
}

std::optional<BareVcpu::HostTime> Processor::next_event() {
  const auto own = interrupts_.next_event(index());
  const auto machines = timers_.keep(index());
  if (!own && !machines) return std::nullopt;
  return clock_.host_time(std::min(own.value_or(Clock::Time::max()), machines.value_or(Clock::Time::max())));
}

}  // namespace gdbvm

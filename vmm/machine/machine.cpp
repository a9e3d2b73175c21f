#include "vmm/machine/machine.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "vmm/boot/install.h"
#include "vmm/x86/layout.h"

namespace gdbvm {

Machine::Machine(Vm& vm, Chipset& chipset, std::uint64_t memory_size, boot::BootPlan plan,
                 const std::function<void(std::string_view call)>& observe)
    : vm_(vm),
      chipset_(chipset),
      memory_(memory_size, observe,
              GuestMemory::Range{.start = {x86::layout::framebuffer}, .size = x86::layout::framebuffer_size}),
      slots_(memory_, vm.max_slots()),
      kvmclock_(vm),
      plan_(std::move(plan)) {
  if (plan_.rom) {
    const Gpa start = plan_.rom->start;
    const std::uint64_t size = plan_.rom->bytes.size();
    memory_.add_rom(start, size);
    slots_.add_rom(start, size, memory_.at(start, size));
  }
  slots_.apply(vm_);
  for (std::uint32_t i = 0; i < chipset.interrupts.cpus(); ++i) {
    vcpus_.push_back(
        std::make_unique<Processor>(vm_.create_vcpu({i}), chipset.interrupts, chipset.timers, chipset.clock));
  }
  for (const auto& vcpu : vcpus_) chipset.states.add(fmt::format("cpu {}", vcpu->index()), *vcpu);
  chipset.states.add("kvmclock", kvmclock_);
  chipset.interrupts.set_wake([this](VcpuIndex cpu) { vcpu(cpu).kick(); });
  install_plan();
}

std::vector<Vcpu*> Machine::all_vcpus() {
  std::vector<Vcpu*> all;
  for (const auto& vcpu : vcpus_) all.push_back(vcpu.get());
  return all;
}

void Machine::install_plan() {
  boot::install(plan_, memory_);
  Vcpu& boot_cpu = *vcpus_[0];
  const x86::SystemRegisters power_on = boot_cpu.system();
  x86::SystemRegisters system = plan_.system;
  system.apic_base = power_on.apic_base;
  if (!boot_cpu.set_system(system)) throw std::runtime_error("KVM refuses the image's first CPU state");
  boot_cpu.set_general(plan_.general);
}

void Machine::reset() {
  request_ = no_request;
  for (const auto& vcpu : vcpus_) {
    // An I/O instruction that the reset interrupted must not be completed into the new state.
    (void)vcpu->complete();
    vcpu->reset();
  }
  chipset_.bus.reset();
  chipset_.memory_bus.reset();
  chipset_.interrupts.reset();  // after the devices: what their lines did in the reset is forgotten
  memory_.start_over();
  install_plan();
  if (restore_) restore_();
}

void Machine::start_from(std::function<void()> restore) {
  restore_ = std::move(restore);
  restore_();
}

void Machine::set_interrupt_trace(const InterruptTrace& trace) {
  for (const auto& vcpu : vcpus_) vcpu->set_trace(trace);
}

void Machine::set_back_clocks(std::chrono::nanoseconds by) {
  for (const auto& vcpu : vcpus_) vcpu->set_back_tsc(by);
  const std::uint64_t now = vm_.clock();
  vm_.set_clock(now - std::min(now, static_cast<std::uint64_t>(by.count())));
  for (const auto& vcpu : vcpus_) vcpu->tell_it_was_stopped();
}

void Machine::rests(VcpuIndex cpu) {
  if (!vcpu(cpu).rest()) return;
  for (const auto& other : vcpus_) {
    if (other->index() != cpu) other->kick();
  }
}

void Machine::request_exit(std::uint8_t status) { request_ = status; }
void Machine::request_reset() { request_ = reset_request; }

Outcome Machine::take_request() {
  const int request = request_.exchange(no_request);
  if (request == no_request) return outcome::Done{};
  if (request == reset_request) return outcome::Reset{};
  return outcome::Exit{static_cast<std::uint8_t>(request)};
}

void Machine::set_moments(Moments* moments) {
  moments_ = moments;
  vcpus_[0]->set_moments(moments);
}

void Machine::read_or_write(const exits::Io& io) {
  if (io.direction == exits::Io::Direction::In) {
    chipset_.bus.read_string(io.port, io.size, io.bytes);
  } else {
    chipset_.bus.write_string(io.port, io.size, io.bytes);
  }
}

void Machine::read_or_write(const exits::Mmio& mmio) {
  if (mmio.direction == exits::Mmio::Direction::Read) {
    chipset_.memory_bus.read(mmio.address, mmio.bytes);
  } else {
    chipset_.memory_bus.write(mmio.address, mmio.bytes);
  }
}

Outcome Machine::handle(VcpuIndex cpu, const Exit& exit) {
  if (const auto* io = std::get_if<exits::Io>(&exit)) {
    if (moments_) moments_->answers();
    read_or_write(*io);
    return take_request();
  }
  if (const auto* mmio = std::get_if<exits::Mmio>(&exit)) {
    if (moments_) moments_->answers();
    if (!vcpu(cpu).answer(*mmio)) read_or_write(*mmio);
    return outcome::Done{};
  }
  if (std::holds_alternative<exits::MsrWrite>(exit)) return outcome::Done{};
  if (std::holds_alternative<exits::Interrupted>(exit)) return outcome::Interrupted{};
  if (std::holds_alternative<exits::Halt>(exit)) {
    if (moments_) moments_->halts();
    return outcome::Done{};
  }
  if (std::holds_alternative<exits::InterruptWindow>(exit) || std::holds_alternative<exits::TaskPriority>(exit)) {
    return outcome::Done{};
  }
  if (const auto* event = std::get_if<exits::SystemEvent>(&exit)) {
    if (event->kind == exits::SystemEvent::Kind::Shutdown) return outcome::Exit{0};
    if (event->kind == exits::SystemEvent::Kind::Reset) return outcome::Reset{};
  }
  return outcome::Unhandled{};
}

}  // namespace gdbvm

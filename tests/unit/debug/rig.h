// A machine of fake vCPUs in long mode under run control, on a host of any vendor.
#pragma once

#include <chrono>
#include <cstring>
#include <deque>
#include <initializer_list>

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vm.h"
#include "tests/support/page_tables.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/x86/segments.h"

namespace gdbvm {

// What probe_host() finds, as measured on each back-end.
struct Vendor {
  const char* name;
  HostStops host;
};
inline HostStops everything_works() {
  HostStops host;
  host.int3.fill(HostStops::Int3::Reported);
  host.execute_register.fill(true);
  host.data_register.fill(true);
  host.single_step.fill(true);
  host.step_enters_handler = host.step_traps_once = host.shutdown_keeps_state = host.read_only_slots =
      host.absent_slots = host.legacy_paging = true;
  return host;
}
inline HostStops kvm_intel() { return everything_works(); }
// kvm_amd on an emulated SVM: only steps are reported.
inline HostStops kvm_amd() {
  HostStops host = everything_works();
  host.int3.fill(HostStops::Int3::GoesToGuest);
  host.execute_register.fill(false);
  host.data_register.fill(false);
  host.step_enters_handler = host.shutdown_keeps_state = false;
  return host;
}
inline HostStops kvm_pvm() {
  using enum HostStops::Int3;
  HostStops host = everything_works();
  host.int3 = {GoesToGuest, EmulationFailure, EmulationFailure, GoesToGuest};
  host.execute_register[HostStops::User] = host.single_step[HostStops::User] = false;
  host.data_register.fill(false);
  host.step_enters_handler = host.legacy_paging = false;
  return host;
}

// Events as they are posted, from any thread; waits for the next one with a deadline.
class Events final {
 public:
  void post(gdbstub::TargetEvent event) {
    const std::lock_guard lock(mutex_);
    if (auto* stop = std::get_if<gdbstub::StopEvent>(&event)) stops_.push_back(std::move(*stop));
    changed_.notify_all();
  }
  gdbstub::StopEvent next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !stops_.empty(); })) {
      ADD_FAILURE() << "no stop event";
      return {};
    }
    gdbstub::StopEvent event = std::move(stops_.front());
    stops_.pop_front();
    return event;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return stops_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<gdbstub::StopEvent> stops_;
};

class Answer final : public gdbstub::HitAction {
 public:
  explicit Answer(gdbstub::Verdict verdict) : verdict_(verdict) {}
  gdbstub::Verdict evaluate(gdbstub::HitContext&) const override { return verdict_; }
  gdbstub::Verdict verdict() const { return verdict_; }

 private:
  gdbstub::Verdict verdict_;
};

// 4 MiB of RAM, mapped to itself for all; code, stack, IDT and data at fixed places.
class Rig {
 public:
  static constexpr std::uint64_t tables = 0x10000, idt = 0x20000, gdt = 0x21000, code = 0x100000, handlers = 0x110000,
                                 data = 0x120000, stack = 0x130000;
  static constexpr std::uint16_t user_code = 0x3b, user_data = 0x33;

  explicit Rig(HostStops stops, unsigned cpus = 1, std::optional<Gva> sliding_kernel = {},
               Clock::HostClock host_clock = std::chrono::steady_clock::now)
      : host(stops), chipset(cpus, std::move(host_clock)), machine(vm, chipset, 4 << 20, plan(sliding_kernel)) {
    for (std::uint32_t i = 0; i < cpus; ++i) machine.vcpu({i}).set_run_state(x86::RunState::Runnable);
    for (FakeVcpu* vcpu : vm.vcpus) {
      const std::uint64_t apic_base = vcpu->system_registers.apic_base;
      vcpu->system_registers = machine.plan().system;
      vcpu->system_registers.apic_base = apic_base;
      vcpu->general_registers = machine.plan().general;
    }
    for (const std::uint64_t page : {0, 0x200000}) pages.map(page, page, PageTableBuilder::Pd, page_entry::all);
    for (unsigned vector = 0; vector < 32; ++vector) set_gate(vector, handlers + 16 * vector, 0);
    for (const auto& segment : {x86::flat_code64(), x86::flat_data(), segment_at(3, x86::flat_code64(user_code)),
                                segment_at(3, x86::flat_data(user_data))}) {
      put(gdt + (segment.selector & ~7u), x86::encode_descriptor(segment));
    }
    std::memset(at(code), 0x90, 0x1000);
  }

  static x86::Segment segment_at(unsigned privilege, x86::Segment segment) {
    segment.dpl = static_cast<std::uint8_t>(privilege);
    return segment;
  }
  static boot::BootPlan plan(std::optional<Gva> sliding_kernel = {}) {
    boot::BootPlan plan;
    plan.sliding_kernel = sliding_kernel;
    auto& s = plan.system;
    s.cs = x86::flat_code64();
    s.ds = s.es = s.fs = s.gs = s.ss = x86::flat_data();
    s.tr = x86::task_register();
    s.idt = {idt, 32 * 16 - 1};
    s.gdt = {gdt, 8 * 8 - 1};
    s.cr0 = x86::cr0::pe | x86::cr0::pg;
    s.cr3 = tables;
    s.cr4 = x86::cr4::pae;
    s.efer = x86::efer::lme | x86::efer::lma;
    plan.general = {.rsp = stack, .rip = code, .rflags = x86::rflags::fixed};
    plan.architecture = boot::GuestArchitecture::X86_64;
    return plan;
  }

  std::uint8_t* at(std::uint64_t address) { return reinterpret_cast<std::uint8_t*>(machine.memory().at({address}, 1)); }
  void put(std::uint64_t address, std::uint64_t value) { std::memcpy(at(address), &value, sizeof value); }
  std::uint64_t get(std::uint64_t address) {
    std::uint64_t value = 0;
    std::memcpy(&value, at(address), sizeof value);
    return value;
  }
  void place(std::uint64_t address, std::initializer_list<std::uint8_t> bytes) {
    std::copy(bytes.begin(), bytes.end(), at(address));
  }
  void set_gate(unsigned vector, std::uint64_t handler, unsigned privilege, bool present = true) {
    const std::uint64_t access = (present ? 0x8e : 0x0e) | privilege << 5;
    put(idt + 16 * vector,
        (handler & 0xffff) | x86::layout::code_selector << 16 | access << 40 | (handler >> 16) << 48);
    put(idt + 16 * vector + 8, handler >> 32);
  }
  // Maps 2 MiB of RAM at an address in the last GiB but one of the address space, as a Linux kernel maps itself.
  void map_kernel(std::uint64_t address, std::uint64_t flags = page_entry::kernel) {
    pages.map(address, 0, PageTableBuilder::Pd, flags);
  }
  void enter_user_mode(unsigned cpu = 0) {
    auto& s = this->cpu(cpu).system_registers;
    s.cs = segment_at(3, x86::flat_code64(user_code));
    s.ss = segment_at(3, x86::flat_data(user_data));
  }

  // Its local APIC has this interrupt for the CPU from now on. From any thread.
  void interrupt(std::uint8_t vector, unsigned cpu = 0) {
    constexpr std::uint32_t enabled = 0x1ff, to_itself = 1u << 18;
    write_apic(cpu, x86::lapic::spurious, enabled);
    write_apic(cpu, x86::lapic::command_low, to_itself | vector);
  }
  void write_apic(unsigned cpu, unsigned offset, std::uint32_t value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    machine.interrupts().write_apic({cpu}, offset, bytes);
  }

  // What the CPU does with an exception or interrupt whose handler a run ends at.
  FakeVcpu::Act to_handler(unsigned vector) {
    return [this, address = handlers + 16 * vector](FakeVcpu& cpu) -> Exit {
      EXPECT_EQ(*at(address), 0xf4);
      EXPECT_FALSE(cpu.debug.single_step);
      cpu.general_registers.rip = address + 1;
      return exits::Halt{};
    };
  }

  FakeVcpu& cpu(unsigned index = 0) { return *vm.vcpus[index]; }
  std::uint64_t rip(unsigned index = 0) { return cpu(index).general_registers.rip; }

  HostStops host;
  FakeVm vm;
  Chipset chipset;
  Machine machine;
  PageTableBuilder pages{machine.memory(), tables};
};

// Exits as the back-ends report them.
inline Exit trap(std::uint64_t dr6) { return exits::Debug{1, 0, dr6, 0}; }
inline Exit step_trap() { return trap(0xffff4ff0); }
inline Exit register_trap(unsigned n) { return trap(0xffff0ff0 | 1u << n); }
inline Exit int3_reported() { return exits::Debug{3, 0, 0, 0}; }
inline Exit emulation_failure() { return exits::InternalError{exits::InternalError::Kind::Emulation, 1}; }

}  // namespace gdbvm

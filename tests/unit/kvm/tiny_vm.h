// A VM with 1 MiB of RAM and a few bytes of real-mode code, on the real /dev/kvm.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <vector>

#include "tests/unit/kvm/usable_kvm.h"
#include "vmm/kvm/system.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/kvm/vm.h"
#include "vmm/machine/slot_table.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/segments.h"

namespace gdbvm::kvm {

class TinyVm : public ::testing::Test {
 protected:
  static constexpr std::uint64_t code_start = 0x1000;

  void SetUp() override {
    if (!usable_kvm()) GTEST_SKIP() << no_kvm;
    system = std::make_unique<System>(trace.get());
    vm = std::make_unique<Vm>(*system, VmOptions{.cpus = 2});
    slots = std::make_unique<SlotTable>(memory, vm->max_slots());
    slots->apply(*vm);
    vcpu = vm->create_vcpu({0});
  }

  // Puts `code` at code_start and the CPU, in real mode, before its first byte.
  void load(std::initializer_list<std::uint8_t> code) {
    const std::vector<std::uint8_t> bytes(code);
    ASSERT_TRUE(memory.write({code_start}, bytes));
    x86::SystemRegisters s = vcpu->system();
    s.cs = x86::real_mode_code(0);
    ASSERT_TRUE(vcpu->set_system(s));
    vcpu->set_general({.rsp = 0x8000, .rip = code_start, .rflags = x86::rflags::fixed});
  }

  // Runs until something other than a signal ends it.
  Exit run() {
    for (;;) {
      const Exit exit = vcpu->run();
      if (!std::holds_alternative<exits::Interrupted>(exit)) return exit;
    }
  }

  std::unique_ptr<KvmTrace> trace;
  GuestMemory memory{1 << 20};
  std::unique_ptr<System> system;
  std::unique_ptr<Vm> vm;
  std::unique_ptr<SlotTable> slots;
  std::unique_ptr<BareVcpu> vcpu;
};

}  // namespace gdbvm::kvm

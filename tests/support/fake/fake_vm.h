// A VM that keeps its slots and CPUs where a test sees them: the machine without KVM.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <vector>

#include "tests/support/fake/fake_vcpu.h"
#include "vmm/hypervisor/vm.h"

namespace gdbvm {

class FakeVm final : public Vm {
 public:
  void set_slot(const MemorySlot& slot) override { slots[slot.id] = slot; }
  void remove_slot(SlotId id) override { slots.erase(id); }
  unsigned max_slots() const override { return 64; }
  std::unique_ptr<BareVcpu> create_vcpu(VcpuIndex index) override {
    auto vcpu = std::make_unique<FakeVcpu>(index);
    vcpus.push_back(vcpu.get());
    return vcpu;
  }
  std::uint64_t clock() const override { return kvmclock; }
  void set_clock(std::uint64_t ns) override { kvmclock = ns; }
  bool report_efer_writes(bool on) override {
    efer_writes_reported = on;
    return true;
  }

  // The guest's access to the page: 0 none, 1 read, 2 read and write.
  int access(Gpa at) const {
    for (const auto& [id, slot] : slots) {
      if (at >= slot.start && at.value - slot.start.value < slot.size) return slot.read_only ? 1 : 2;
    }
    return 0;
  }

  std::map<SlotId, MemorySlot> slots;
  std::vector<FakeVcpu*> vcpus;
  std::uint64_t kvmclock = 1'000'000'000'000'000;
  std::atomic<bool> efer_writes_reported{false};
};

}  // namespace gdbvm

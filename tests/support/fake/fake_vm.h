// A VM that keeps its slots and CPUs where a test sees them: the machine without KVM.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

#include "tests/support/fake/fake_vcpu.h"
#include "vmm/hypervisor/vm.h"

namespace gdbvm {

class FakeVm final : public Vm {
 public:
  void set_slot(const MemorySlot& slot) override {
    const auto live = slots.find(slot.id);
    MemorySlot same = slot;
    if (live != slots.end()) same.tracked = live->second.tracked;
    if (live != slots.end() && same != live->second) throw std::logic_error("a live slot changes");
    if (live != slots.end() && slot.tracked && !live->second.tracked) ++logs_begun;
    slots[slot.id] = slot;
  }
  void remove_slot(SlotId id) override {
    slots.erase(id);
    dirty.erase(id);
  }
  void take_dirty_pages(const MemorySlot& slot, std::span<std::uint64_t> bitmap) override {
    std::ranges::fill(bitmap, 0);
    for (const std::uint64_t page : dirty[slot.id]) bitmap[page / 64] |= std::uint64_t{1} << page % 64;
    dirty[slot.id].clear();
  }
  unsigned max_slots() const override { return 64; }
  void drop_translations() override { ++translations_dropped; }
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

  // As the guest does. false: it would leave as exits::Mmio.
  bool write(Gpa at, std::uint8_t value) {
    for (const auto& [id, slot] : slots) {
      if (at < slot.start || at - slot.start >= slot.size || slot.read_only) continue;
      slot.host[at - slot.start] = std::byte{value};
      if (slot.tracked) dirty[id].insert((at - slot.start) / page_size);
      return true;
    }
    return false;
  }
  // The guest's access to the page: 0 none, 1 read, 2 read and write.
  int access(Gpa at) const {
    for (const auto& [id, slot] : slots) {
      if (at >= slot.start && at.value - slot.start.value < slot.size) return slot.read_only ? 1 : 2;
    }
    return 0;
  }

  std::map<SlotId, MemorySlot> slots;
  unsigned translations_dropped = 0;
  unsigned logs_begun = 0;                          // of slots that were there before
  std::map<SlotId, std::set<std::uint64_t>> dirty;  // pages of the slot, by number
  std::vector<FakeVcpu*> vcpus;
  std::uint64_t kvmclock = 1'000'000'000'000'000;
  std::atomic<bool> efer_writes_reported{false};
};

}  // namespace gdbvm

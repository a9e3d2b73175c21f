// The virtual machine below the Machine: memory slots and CPUs. kvm::Vm is the real one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "vmm/hypervisor/vcpu.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// One KVM memory slot: guest-physical [start, start + size) backed by host memory; all page-aligned.
struct MemorySlot {
  SlotId id;
  Gpa start;
  std::uint64_t size;      // bytes
  std::byte* host;         // outlives the slot
  bool read_only = false;  // writes leave the guest as exits::Mmio
  bool tracked = false;    // which pages the guest writes is kept for take_dirty_pages()
  bool operator==(const MemorySlot&) const = default;
};

class Vm {
 public:
  virtual ~Vm() = default;
  // KVM_SET_USER_MEMORY_REGION. Of a live slot only `tracked` can change: remove it first. Throws std::system_error.
  virtual void set_slot(const MemorySlot& slot) = 0;
  // What the guest wrote there is forgotten: take_dirty_pages() before, if that matters.
  virtual void remove_slot(SlotId id) = 0;
  // KVM_GET_DIRTY_LOG: fills `bitmap`, a bit for each page of the slot in whole words, with the pages written by the
  // guest and by KVM for it since the last call, or since the slot is tracked. What we write ourselves is not in it.
  virtual void take_dirty_pages(const MemorySlot& slot, std::span<std::uint64_t> bitmap) = 0;
  virtual unsigned max_slots() const = 0;
  // RAM was replaced by us, perhaps page tables in it: what the host made of the guest's tables, where it keeps any
  // (shadow paging), is dropped. No vCPU is running. Where the CPU walks the guest's tables itself, its TLB stays as it
  // is.
  virtual void drop_translations() = 0;
  virtual std::unique_ptr<BareVcpu> create_vcpu(VcpuIndex index) = 0;
  // kvmclock: nanoseconds. Where there is none it stays 0. Set while no vCPU is running.
  virtual std::uint64_t clock() const = 0;
  virtual void set_clock(std::uint64_t ns) = 0;
  // The guest's writes to IA32_EFER leave as exits::MsrWrite: a kernel sets it up where it starts to run at its own
  // addresses, and rarely again. false: this KVM cannot. From any thread.
  virtual bool report_efer_writes(bool) { return false; }
};

}  // namespace gdbvm

// /dev/kvm: the system level of the KVM API. What this host's KVM is and can do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/host/setup_error.h"
#include "vmm/kvm/ioctl.h"
#include "vmm/x86/cpuid.h"

namespace gdbvm::kvm {

// The extensions that are asked for at start, in the order of capability_table().
enum class Capability {
  UserMemory,
  SetTssAddr,
  ExtCpuid,
  ImmediateExit,
  SetGuestDebug,
  VcpuEvents,
  Xsave,
  DebugRegs,
  NrMemslots,
  MaxVcpus,
  SyncRegs,
  ReadonlyMem,
  SetIdentityMapAddr,
  Xcrs,
  AdjustClock,
  KvmclockCtrl,
  GetTscKhz,
  UserSpaceMsr,
  MsrFilter,
  ExitOnEmulationFailure,
  Count_
};

struct CapabilityInfo {
  Capability capability;
  int number;        // KVM_CAP_*
  const char* name;  // "KVM_CAP_SYNC_REGS"
  enum class Need { Required, Wanted } need;
  const char* why;
};
const std::array<CapabilityInfo, static_cast<std::size_t>(Capability::Count_)>& capability_table();

// Opens the device, checks the API version and asks for every capability of the table. Outlives its VMs.
class System final {
 public:
  // Throws SetupError: absent, not permitted, not KVM, wrong version, a required capability missing.
  explicit System(KvmTrace* trace = nullptr, const std::string& device = "/dev/kvm");

  // KVM_CHECK_EXTENSION's answer; 0: absent.
  int value(Capability capability) const { return values_[static_cast<std::size_t>(capability)]; }
  bool has(Capability capability) const { return value(capability) > 0; }

  // KVM_GET_SUPPORTED_CPUID, asked once.
  const std::vector<x86::CpuidEntry>& supported_cpuid();
  // KVM_GET_MSR_INDEX_LIST.
  std::vector<std::uint32_t> msr_index_list() const;
  // KVM_GET_VCPU_MMAP_SIZE, asked at each call: it belongs to each vCPU's creation.
  std::size_t vcpu_mmap_size() const;
  unsigned max_vcpus() const;

  const KvmFd& fd() const { return fd_; }

 private:
  KvmFd fd_;
  std::array<int, static_cast<std::size_t>(Capability::Count_)> values_{};
  std::vector<x86::CpuidEntry> supported_cpuid_;
};

// The sentences of SetupError, separate so that they can be tested.
std::string explain_open_failure(const std::string& device, int error);
std::optional<std::string> explain_api_version(int version);  // nullopt: it is the right one

}  // namespace gdbvm::kvm

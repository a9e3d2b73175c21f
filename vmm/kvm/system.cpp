// Opening KVM: every way it can be unusable ends in one sentence with its remedy.
#include "vmm/kvm/system.h"

#include <algorithm>
#include <cstring>

#include <fcntl.h>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {
constexpr const char* way_out = "; tools/testbed runs gdbvm without it, in an emulator";
}

std::string explain_open_failure(const std::string& device, int error) {
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return fmt::format(
          "{} does not exist: load the kvm_intel or kvm_amd module, enable virtualisation in the firmware or, inside a "
          "virtual machine, nested virtualisation on its host{}",
          device, way_out);
    case EACCES:
    case EPERM:
      return fmt::format(
          "no permission to open {}: add the user to the group that owns it (usually kvm), and log in again{}", device,
          way_out);
    default:
      return fmt::format("cannot open {}: {}; see the kernel log{}", device, std::strerror(error), way_out);
  }
}

std::optional<std::string> explain_api_version(int version) {
  if (version == KVM_API_VERSION) return std::nullopt;
  if (version < 0)
    return fmt::format("the device is not KVM (KVM_GET_API_VERSION fails): use a real /dev/kvm{}", way_out);
  return fmt::format("KVM API version {} where {} is needed: run Linux 2.6.22 or newer", version, KVM_API_VERSION);
}

namespace {
Fd open_device(const std::string& device) {
  Fd fd(::open(device.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) throw SetupError(explain_open_failure(device, errno));
  return fd;
}

struct CpuidBuffer {
  kvm_cpuid2 head;
  x86::CpuidEntry entries[256];  // KVM's own limit
};
static_assert(sizeof(x86::CpuidEntry) == sizeof(kvm_cpuid_entry2));
static_assert(x86::CpuidEntry::index_matters == KVM_CPUID_FLAG_SIGNIFCANT_INDEX);
}  // namespace

System::System(KvmTrace* trace, const std::string& device)
    : fd_(open_device(device), {TraceLevel::Kind::System}, trace) {
  if (auto problem = explain_api_version(fd_.call<KVM_GET_API_VERSION>())) throw SetupError(*problem);
  for (const CapabilityInfo& info : capability_table()) {
    const int value = fd_.call<KVM_CHECK_EXTENSION>(static_cast<unsigned long>(info.number));
    values_[static_cast<std::size_t>(info.capability)] = std::max(value, 0);
    if (value <= 0 && info.need == CapabilityInfo::Need::Required)
      throw SetupError(fmt::format("this host's KVM lacks {} ({}): run a newer kernel", info.name, info.why));
  }
}

const std::vector<x86::CpuidEntry>& System::supported_cpuid() {
  if (supported_cpuid_.empty()) {
    CpuidBuffer buffer{};
    buffer.head.nent = std::size(buffer.entries);
    GDBVM_KVM_MUST(fd_, KVM_GET_SUPPORTED_CPUID, buffer.head);
    const std::size_t count = std::min<std::size_t>(buffer.head.nent, std::size(buffer.entries));
    supported_cpuid_.assign(buffer.entries, buffer.entries + count);
  }
  return supported_cpuid_;
}

std::vector<std::uint32_t> System::msr_index_list() const {
  kvm_msr_list probe{};
  fd_.call<KVM_GET_MSR_INDEX_LIST>(probe);  // E2BIG, and the number there are
  std::vector<std::uint32_t> list(1 + std::size_t{probe.nmsrs});
  list[0] = probe.nmsrs;
  GDBVM_KVM_MUST(fd_, KVM_GET_MSR_INDEX_LIST, reinterpret_cast<kvm_msr_list&>(*list.data()));
  list.resize(1 + std::size_t{list[0]});
  list.erase(list.begin());
  return list;
}

std::size_t System::vcpu_mmap_size() const {
  const int size = GDBVM_KVM_MUST(fd_, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (static_cast<std::size_t>(size) < sizeof(kvm_run))
    throw SetupError("KVM_GET_VCPU_MMAP_SIZE is too small: run another kernel");
  return static_cast<std::size_t>(size);
}

unsigned System::max_vcpus() const {
  return has(Capability::MaxVcpus) ? static_cast<unsigned>(value(Capability::MaxVcpus))
                                   : 4;  // KVM's documentation, 4.4
}

}  // namespace gdbvm::kvm

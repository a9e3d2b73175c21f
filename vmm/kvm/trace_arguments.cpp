// The table that the trace is made from: request, name, and what of the argument is worth reading.
#include "vmm/kvm/trace_arguments.h"

#include <fmt/format.h>

#include "vmm/kvm/system.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {

using Describe = std::string (*)(unsigned long argument);

template <class T>
const T& as(unsigned long argument) {
  return *reinterpret_cast<const T*>(argument);
}

std::string nothing(unsigned long) { return ""; }
std::string number(unsigned long argument) { return fmt::format("{}", argument); }
std::string address(unsigned long argument) { return fmt::format("{:#x}", argument); }
std::string address_in_memory(unsigned long argument) { return fmt::format("{:#x}", as<unsigned long long>(argument)); }

std::string capability(unsigned long argument) {
  for (const CapabilityInfo& info : capability_table())
    if (static_cast<unsigned long>(info.number) == argument) return info.name;
  return number(argument);
}

std::string slot_flags(std::uint32_t flags) {
  std::string text = flags & KVM_MEM_READONLY ? "READONLY" : "";
  if (flags & KVM_MEM_LOG_DIRTY_PAGES) text += text.empty() ? "LOG_DIRTY_PAGES" : "|LOG_DIRTY_PAGES";
  return text.empty() ? "0" : text;
}
std::string memory_region(unsigned long argument) {
  const auto& r = as<kvm_userspace_memory_region>(argument);
  return fmt::format("slot={} flags={} gpa={:#x} size={:#x} host={:#x}", r.slot, slot_flags(r.flags), r.guest_phys_addr,
                     r.memory_size, r.userspace_addr);
}
std::string dirty_log(unsigned long argument) { return fmt::format("slot={}", as<kvm_dirty_log>(argument).slot); }
std::string interrupt(unsigned long argument) { return fmt::format("vector={:#x}", as<kvm_interrupt>(argument).irq); }
std::string clock_value(unsigned long argument) {
  return fmt::format("clock={} ns", as<kvm_clock_data>(argument).clock);
}
std::string device_attribute(unsigned long argument) {
  const auto& attribute = as<kvm_device_attr>(argument);
  const bool offset = attribute.group == KVM_VCPU_TSC_CTRL && attribute.attr == KVM_VCPU_TSC_OFFSET;
  if (!offset) return fmt::format("group {} attribute {}", attribute.group, attribute.attr);
  return fmt::format("TSC offset {:#x}", as<unsigned long long>(attribute.addr));
}

std::string enabled(unsigned long argument) {
  const auto& request = as<kvm_enable_cap>(argument);
  return fmt::format("{} {:#x}", capability(request.cap), request.args[0]);
}
std::string msr_filter(unsigned long argument) {
  const auto& range = as<kvm_msr_filter>(argument).ranges[0];
  return range.nmsrs ? fmt::format("writes to msr {:#x} are reported", range.base) : "no MSR is reported";
}

std::string cpuid(unsigned long argument) { return fmt::format("{} entries", as<kvm_cpuid2>(argument).nent); }
std::string msr_list(unsigned long argument) { return fmt::format("{} MSRs", as<kvm_msr_list>(argument).nmsrs); }
std::string msrs(unsigned long argument) {
  const auto& request = as<kvm_msrs>(argument);
  const auto* first = reinterpret_cast<const kvm_msr_entry*>(&request + 1);
  if (request.nmsrs != 1) return fmt::format("{} MSRs", request.nmsrs);
  return fmt::format("msr {:#x}: {:#x}", first->index, first->data);
}
std::string registers(unsigned long argument) {
  const auto& r = as<kvm_regs>(argument);
  return fmt::format("rip={:#x} rsp={:#x} rflags={:#x} rax={:#x} rbx={:#x} rcx={:#x} rdx={:#x} rsi={:#x} rdi={:#x}",
                     r.rip, r.rsp, r.rflags, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi);
}
std::string system_registers(unsigned long argument) {
  const auto& s = as<kvm_sregs>(argument);
  return fmt::format("cr0={:#x} cr3={:#x} cr4={:#x} efer={:#x} cs={:#x}:{:#x} ss={:#x} gdt={:#x} apic_base={:#x}",
                     s.cr0, s.cr3, s.cr4, s.efer, s.cs.selector, s.cs.base, s.ss.selector, s.gdt.base, s.apic_base);
}
std::string guest_debug(unsigned long argument) {
  const auto& debug = as<kvm_guest_debug>(argument);
  std::string text;
  const auto flag = [&](unsigned bit, const char* name) {
    if (debug.control & bit) text += text.empty() ? name : fmt::format("|{}", name);
  };
  flag(KVM_GUESTDBG_ENABLE, "ENABLE");
  flag(KVM_GUESTDBG_SINGLESTEP, "SINGLESTEP");
  flag(KVM_GUESTDBG_USE_SW_BP, "USE_SW_BP");
  flag(KVM_GUESTDBG_USE_HW_BP, "USE_HW_BP");
  flag(KVM_GUESTDBG_BLOCKIRQ, "BLOCKIRQ");
  if (debug.control & KVM_GUESTDBG_USE_HW_BP) {
    const auto& r = debug.arch.debugreg;
    text += fmt::format(" dr0={:#x} dr1={:#x} dr2={:#x} dr3={:#x} dr7={:#x}", r[0], r[1], r[2], r[3], r[7]);
  }
  return text.empty() ? "0" : text;
}
std::string events(unsigned long argument) {
  const auto& e = as<kvm_vcpu_events>(argument);
  return e.exception.injected || e.exception.pending
             ? fmt::format("exception {} error_code={:#x}", e.exception.nr, e.exception.error_code)
             : "no exception";
}
std::string debug_registers(unsigned long argument) {
  const auto& d = as<kvm_debugregs>(argument);
  return fmt::format("dr0={:#x} dr1={:#x} dr2={:#x} dr3={:#x} dr6={:#x} dr7={:#x}", d.db[0], d.db[1], d.db[2], d.db[3],
                     d.dr6, d.dr7);
}
std::string xcrs(unsigned long argument) { return fmt::format("xcr0={:#x}", as<kvm_xcrs>(argument).xcrs[0].value); }

struct Row {
  unsigned long request;
  const char* name;
  Describe describe;
};
#define ROW(request, describe) \
  Row { request, #request, describe }
constexpr Row rows[] = {
    ROW(KVM_GET_API_VERSION, nothing),
    ROW(KVM_CHECK_EXTENSION, capability),
    ROW(KVM_GET_SUPPORTED_CPUID, cpuid),
    ROW(KVM_GET_MSR_INDEX_LIST, msr_list),
    ROW(KVM_GET_VCPU_MMAP_SIZE, nothing),
    ROW(KVM_CREATE_VM, number),
    ROW(KVM_SET_TSS_ADDR, address),
    ROW(KVM_SET_IDENTITY_MAP_ADDR, address_in_memory),
    ROW(KVM_SET_USER_MEMORY_REGION, memory_region),
    ROW(KVM_GET_DIRTY_LOG, dirty_log),
    ROW(KVM_GET_CLOCK, clock_value),
    ROW(KVM_SET_CLOCK, clock_value),
    ROW(KVM_ENABLE_CAP, enabled),
    ROW(KVM_X86_SET_MSR_FILTER, msr_filter),
    ROW(KVM_CREATE_VCPU, number),
    ROW(KVM_SET_CPUID2, cpuid),
    ROW(KVM_GET_REGS, registers),
    ROW(KVM_SET_REGS, registers),
    ROW(KVM_GET_SREGS, system_registers),
    ROW(KVM_SET_SREGS, system_registers),
    ROW(KVM_GET_MSRS, msrs),
    ROW(KVM_SET_MSRS, msrs),
    ROW(KVM_GET_XSAVE, nothing),
    ROW(KVM_SET_XSAVE, nothing),
    ROW(KVM_GET_XCRS, xcrs),
    ROW(KVM_SET_XCRS, xcrs),
    ROW(KVM_GET_DEBUGREGS, debug_registers),
    ROW(KVM_SET_DEBUGREGS, debug_registers),
    ROW(KVM_GET_VCPU_EVENTS, events),
    ROW(KVM_SET_VCPU_EVENTS, events),
    ROW(KVM_SET_GUEST_DEBUG, guest_debug),
    ROW(KVM_INTERRUPT, interrupt),
    ROW(KVM_NMI, nothing),
    ROW(KVM_GET_TSC_KHZ, nothing),
    ROW(KVM_GET_DEVICE_ATTR, device_attribute),
    ROW(KVM_SET_DEVICE_ATTR, device_attribute),
    ROW(KVM_KVMCLOCK_CTRL, nothing),
};
#undef ROW

}  // namespace

TracedCall describe_call(unsigned long request, unsigned long argument) {
  for (const Row& row : rows)
    if (row.request == request) return {row.name, row.describe(argument)};
  return {fmt::format("ioctl {:#x}", request), fmt::format("{:#x}", argument)};
}

}  // namespace gdbvm::kvm

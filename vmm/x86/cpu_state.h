// The state of one x86 CPU in named structs, bank by bank. The layouts are those of KVM's kvm_regs, kvm_sregs,
// kvm_vcpu_events and kvm_debugregs (vmm/kvm/vcpu_state.cpp asserts it), so that a bank moves in one copy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gdbvm::x86 {

struct GeneralRegisters {
  std::uint64_t rax{}, rbx{}, rcx{}, rdx{};
  std::uint64_t rsi{}, rdi{}, rsp{}, rbp{};
  std::uint64_t r8{}, r9{}, r10{}, r11{};
  std::uint64_t r12{}, r13{}, r14{}, r15{};
  std::uint64_t rip{}, rflags{};
  bool operator==(const GeneralRegisters&) const = default;
};

// A segment register with its hidden part (SDM vol. 3, 3.4.3).
struct Segment {
  std::uint64_t base{};
  std::uint32_t limit{};  // in bytes, already scaled by granularity
  std::uint16_t selector{};
  std::uint8_t type{};
  std::uint8_t present{}, dpl{}, db{}, s{}, l{}, g{}, avl{};
  std::uint8_t unusable{};
  std::uint8_t padding{};
  bool operator==(const Segment&) const = default;
};

struct DescriptorTable {
  std::uint64_t base{};
  std::uint16_t limit{};
  std::uint16_t padding[3]{};
  bool operator==(const DescriptorTable&) const = default;
};

struct SystemRegisters {
  Segment cs, ds, es, fs, gs, ss;
  Segment tr, ldt;
  DescriptorTable gdt, idt;
  std::uint64_t cr0{}, cr2{}, cr3{}, cr4{}, cr8{};
  std::uint64_t efer{};
  std::uint64_t apic_base{};
  std::array<std::uint64_t, 4> interrupt_bitmap{};
  bool operator==(const SystemRegisters&) const = default;
};

// Events that are on their way into the CPU (KVM_GET_VCPU_EVENTS).
struct VcpuEvents {
  struct {
    std::uint8_t injected, nr, has_error_code, pending;
    std::uint32_t error_code;
  } exception{};
  struct {
    std::uint8_t injected, nr, soft, shadow;
  } interrupt{};
  struct {
    std::uint8_t injected, pending, masked, pad;
  } nmi{};
  std::uint32_t sipi_vector{};
  std::uint32_t flags{};
  struct {
    std::uint8_t smm, pending, smm_inside_nmi, latched_init;
  } smi{};
  struct {
    std::uint8_t pending;
  } triple_fault{};
  std::uint8_t reserved[26]{};
  std::uint8_t exception_has_payload{};
  std::uint64_t exception_payload{};
};

struct DebugRegisters {
  std::array<std::uint64_t, 4> db{};
  std::uint64_t dr6{}, dr7{};
  std::uint64_t flags{};
  std::uint64_t reserved[9]{};
};

// The XSAVE area in its standard (non-compacted) format, SDM vol. 1, 13.4; KVM_GET_XSAVE's 4096 bytes.
struct ExtendedState {
  alignas(64) std::array<std::uint8_t, 4096> bytes{};
};

// Whether a CPU executes instructions, waits for an interrupt, or for another CPU's start-up message.
enum class RunState : std::uint8_t { Runnable, Halted, WaitsForStart };

// Which parts of VcpuEvents KVM_SET_VCPU_EVENTS takes besides exceptions, interrupts and NMIs.
namespace event_flags {
inline constexpr std::uint32_t nmi_pending = 1, shadow = 4, smm = 8;
}

namespace cr0 {
inline constexpr std::uint64_t pe = 1u << 0, mp = 1u << 1, em = 1u << 2, ts = 1u << 3, et = 1u << 4, ne = 1u << 5,
                               wp = 1u << 16, am = 1u << 18, nw = 1u << 29, cd = 1u << 30, pg = 1u << 31;
}
namespace cr4 {
inline constexpr std::uint64_t vme = 1u << 0, pvi = 1u << 1, tsd = 1u << 2, de = 1u << 3, pse = 1u << 4, pae = 1u << 5,
                               mce = 1u << 6, pge = 1u << 7, pce = 1u << 8, osfxsr = 1u << 9, osxmmexcpt = 1u << 10,
                               umip = 1u << 11, la57 = 1u << 12, vmxe = 1u << 13, smxe = 1u << 14, fsgsbase = 1u << 16,
                               pcide = 1u << 17, osxsave = 1u << 18, smep = 1u << 20, smap = 1u << 21, pke = 1u << 22;
}
namespace efer {
inline constexpr std::uint32_t index = 0xc0000080;  // IA32_EFER
inline constexpr std::uint64_t sce = 1u << 0, lme = 1u << 8, lma = 1u << 10, nxe = 1u << 11;
}  // namespace efer
namespace rflags {
inline constexpr std::uint64_t fixed = 1u << 1, tf = 1u << 8, interrupt = 1u << 9, df = 1u << 10, nt = 1u << 14,
                               rf = 1u << 16, vm = 1u << 17, ac = 1u << 18;
}

// IA32_APIC_BASE (SDM vol. 3, 11.4.4); the page is the local APIC's.
namespace apic_base {
inline constexpr std::uint64_t boot_cpu = 1u << 8, enabled = 1u << 11, page = 0xfffff000;
}

constexpr const char* name_of(RunState state) {
  switch (state) {
    case RunState::Runnable:
      return "running";
    case RunState::Halted:
      return "halted";
    case RunState::WaitsForStart:
      return "waiting for SIPI";
  }
  return "?";
}

enum class CpuMode { Real, Virtual8086, Protected16, Protected32, Compatibility, Long };

constexpr const char* name_of(CpuMode mode) {
  switch (mode) {
    case CpuMode::Real:
      return "real mode";
    case CpuMode::Virtual8086:
      return "virtual-8086 mode";
    case CpuMode::Protected16:
      return "16-bit protected mode";
    case CpuMode::Protected32:
      return "32-bit protected mode";
    case CpuMode::Compatibility:
      return "compatibility mode";
    case CpuMode::Long:
      return "64-bit mode";
  }
  return "?";
}

// What the CPU decodes instructions as (SDM vol. 3, 2.2).
constexpr CpuMode mode_of(const SystemRegisters& s, std::uint64_t rflags_value) {
  if (!(s.cr0 & cr0::pe)) return CpuMode::Real;
  if (s.efer & efer::lma) return s.cs.l ? CpuMode::Long : CpuMode::Compatibility;
  if (rflags_value & rflags::vm) return CpuMode::Virtual8086;
  return s.cs.db ? CpuMode::Protected32 : CpuMode::Protected16;
}

// Where the next instruction is fetched from, after segmentation: the linear address of CS:IP.
constexpr std::uint64_t linear_pc(const SystemRegisters& s, std::uint64_t rip) {
  const bool long_mode = (s.efer & efer::lma) && s.cs.l;
  return long_mode ? rip : (s.cs.base + rip) & 0xffffffffu;
}

// What is added to the stack pointer and the frame pointer: SS's base, which 64-bit mode does not use.
constexpr std::uint64_t stack_base(const SystemRegisters& s) {
  const bool long_mode = (s.efer & efer::lma) && s.cs.l;
  return long_mode || s.ss.unusable ? 0 : s.ss.base;
}
constexpr std::uint64_t linear_stack(const SystemRegisters& s, std::uint64_t pointer) {
  const std::uint64_t base = stack_base(s);
  return base == 0 ? pointer : (base + pointer) & 0xffffffffu;
}

constexpr unsigned privilege_level(const SystemRegisters& s) { return s.ss.dpl; }

}  // namespace gdbvm::x86

// The notes of a core file, in the layouts of Linux's <sys/procfs.h> and of QEMU's QEMUCPUState, version 1.
#include "vmm/dump/core_notes.h"

#include <elf.h>

#include <cstring>

#include "vmm/x86/segments.h"

namespace gdbvm::dump {

namespace {

using NoteBytes = std::vector<std::uint8_t>;

void put(NoteBytes& out, const void* from, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  out.insert(out.end(), bytes, bytes + size);
  out.resize((out.size() + 3) & ~std::size_t{3});
}

void put_note(NoteBytes& out, std::string_view name, std::uint32_t type, const void* content, std::size_t size) {
  const Elf64_Nhdr head{static_cast<Elf64_Word>(name.size() + 1), static_cast<Elf64_Word>(size), type};
  put(out, &head, sizeof head);
  NoteBytes terminated(name.begin(), name.end());
  terminated.push_back(0);
  put(out, terminated.data(), terminated.size());
  put(out, content, size);
}

// struct elf_prstatus with the fields in between left zero.
struct Status64 {
  std::uint8_t before_pid[32]{};
  std::uint32_t pid{};
  std::uint8_t before_registers[76]{};
  std::uint64_t r15{}, r14{}, r13{}, r12{}, rbp{}, rbx{}, r11{}, r10{}, r9{}, r8{}, rax{}, rcx{}, rdx{}, rsi{}, rdi{},
      orig_rax{}, rip{}, cs{}, rflags{}, rsp{}, ss{}, fs_base{}, gs_base{}, ds{}, es{}, fs{}, gs{};
  std::uint64_t fp_valid{};
};
static_assert(sizeof(Status64) == 336 && offsetof(Status64, r15) == 112);

struct Status32 {
  std::uint8_t before_pid[24]{};
  std::uint32_t pid{};
  std::uint8_t before_registers[44]{};
  std::uint32_t ebx{}, ecx{}, edx{}, esi{}, edi{}, ebp{}, eax{}, ds{}, es{}, fs{}, gs{}, orig_eax{}, eip{}, cs{},
      eflags{}, esp{}, ss{};
  std::uint32_t fp_valid{};
};
static_assert(sizeof(Status32) == 144 && offsetof(Status32, ebx) == 72);

void put_status64(NoteBytes& out, const CpuImage& cpu) {
  const auto& g = cpu.general;
  const auto& s = cpu.system;
  Status64 status;
  status.pid = cpu.id;
  status.r15 = g.r15, status.r14 = g.r14, status.r13 = g.r13, status.r12 = g.r12;
  status.r11 = g.r11, status.r10 = g.r10, status.r9 = g.r9, status.r8 = g.r8;
  status.rax = g.rax, status.rbx = g.rbx, status.rcx = g.rcx, status.rdx = g.rdx;
  status.rsi = g.rsi, status.rdi = g.rdi, status.rbp = x86::linear_stack(s, g.rbp),
  status.rsp = x86::linear_stack(s, g.rsp);
  status.rip = x86::linear_pc(s, g.rip), status.rflags = g.rflags;
  status.cs = s.cs.selector, status.ss = s.ss.selector, status.ds = s.ds.selector, status.es = s.es.selector;
  status.fs = s.fs.selector, status.gs = s.gs.selector, status.fs_base = s.fs.base, status.gs_base = s.gs.base;
  put_note(out, "CORE", NT_PRSTATUS, &status, sizeof status);
}

void put_status32(NoteBytes& out, const CpuImage& cpu) {
  const auto& g = cpu.general;
  const auto& s = cpu.system;
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  Status32 status;
  status.pid = cpu.id;
  status.eax = low(g.rax), status.ebx = low(g.rbx), status.ecx = low(g.rcx), status.edx = low(g.rdx);
  status.esi = low(g.rsi), status.edi = low(g.rdi), status.ebp = low(x86::linear_stack(s, g.rbp)),
  status.esp = low(x86::linear_stack(s, g.rsp));
  status.eip = low(x86::linear_pc(s, g.rip)), status.eflags = low(g.rflags);
  status.cs = s.cs.selector, status.ss = s.ss.selector, status.ds = s.ds.selector, status.es = s.es.selector;
  status.fs = s.fs.selector, status.gs = s.gs.selector;
  put_note(out, "CORE", NT_PRSTATUS, &status, sizeof status);
}

// The FXSAVE area, and with AVX the XSAVE area as far as AVX; bytes 464 to 471 tell readers which components there are.
void put_extended(NoteBytes& out, const CpuImage& cpu) {
  constexpr std::size_t fxsave_size = 512, avx_size = 832, components_at = 464;
  constexpr std::uint64_t up_to_avx = 7;
  auto bytes = cpu.extended.bytes;
  put_note(out, "CORE", NT_FPREGSET, bytes.data(), fxsave_size);
  const std::uint64_t components = cpu.xcr0 & up_to_avx;
  if (components != up_to_avx) return;
  std::memcpy(&bytes[components_at], &components, sizeof components);
  put_note(out, "LINUX", NT_X86_XSTATE, bytes.data(), avx_size);
}

struct QemuSegment {
  std::uint32_t selector{}, limit{}, flags{}, pad{};
  std::uint64_t base{};
};
struct QemuState {
  std::uint32_t version = 1, size = sizeof(QemuState);
  std::uint64_t rax{}, rbx{}, rcx{}, rdx{}, rsi{}, rdi{}, rsp{}, rbp{};
  std::uint64_t r8{}, r9{}, r10{}, r11{}, r12{}, r13{}, r14{}, r15{};
  std::uint64_t rip{}, rflags{};
  QemuSegment cs, ds, es, fs, gs, ss, ldt, tr, gdt, idt;
  std::uint64_t cr[5]{};
};
static_assert(sizeof(QemuState) == 432);

QemuSegment qemu(const x86::Segment& s) {
  return {s.selector, s.limit, s.unusable ? 0 : x86::descriptor_attributes(s), 0, s.base};
}

void put_qemu_state(NoteBytes& out, const CpuImage& cpu) {
  const auto& g = cpu.general;
  const auto& s = cpu.system;
  QemuState state;
  state.rax = g.rax, state.rbx = g.rbx, state.rcx = g.rcx, state.rdx = g.rdx;
  state.rsi = g.rsi, state.rdi = g.rdi, state.rsp = g.rsp, state.rbp = g.rbp;
  state.r8 = g.r8, state.r9 = g.r9, state.r10 = g.r10, state.r11 = g.r11;
  state.r12 = g.r12, state.r13 = g.r13, state.r14 = g.r14, state.r15 = g.r15;
  state.rip = g.rip, state.rflags = g.rflags;
  state.cs = qemu(s.cs), state.ds = qemu(s.ds), state.es = qemu(s.es);
  state.fs = qemu(s.fs), state.gs = qemu(s.gs), state.ss = qemu(s.ss);
  state.ldt = qemu(s.ldt), state.tr = qemu(s.tr);
  state.gdt.base = s.gdt.base, state.gdt.limit = s.gdt.limit;
  state.idt.base = s.idt.base, state.idt.limit = s.idt.limit;
  state.cr[0] = s.cr0, state.cr[2] = s.cr2, state.cr[3] = s.cr3, state.cr[4] = s.cr4;
  put_note(out, "QEMU", 0, &state, sizeof state);
}

}  // namespace

std::vector<std::uint8_t> core_notes(std::span<const CpuImage> cpus, CoreClass core_class,
                                     std::string_view vmcoreinfo) {
  NoteBytes out;
  for (const CpuImage& cpu : cpus) {
    if (core_class == CoreClass::Elf32) {
      put_status32(out, cpu);
    } else {
      put_status64(out, cpu);
      put_extended(out, cpu);
    }
  }
  for (const CpuImage& cpu : cpus) put_qemu_state(out, cpu);
  if (!vmcoreinfo.empty()) put_note(out, "VMCOREINFO", 0, vmcoreinfo.data(), vmcoreinfo.size());
  return out;
}

}  // namespace gdbvm::dump

// The names and columns are QEMU's.
#include "vmm/monitor/register_text.h"

#include <cstring>

#include <fmt/format.h>

#include "vmm/monitor/descriptor_text.h"
#include "vmm/x86/segments.h"

namespace gdbvm::monitor {

namespace {

std::string flag_letters(std::uint64_t flags) {
  constexpr std::pair<unsigned, char> letters[] = {{10, 'D'}, {11, 'O'}, {7, 'S'}, {6, 'Z'},
                                                   {4, 'A'},  {2, 'P'},  {0, 'C'}};
  std::string text;
  for (const auto& [bit, letter] : letters) text += flags >> bit & 1 ? letter : '-';
  return text;
}

std::string general_text(const x86::GeneralRegisters& r, bool wide) {
  const std::uint64_t classic[] = {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp};
  const std::uint64_t numbered[] = {r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15};
  constexpr std::string_view names[] = {"AX", "BX", "CX", "DX", "SI", "DI", "BP", "SP"};
  std::string text;
  for (unsigned i = 0; i < 8; ++i) {
    text += wide ? fmt::format("R{}={:016x}", names[i], classic[i])
                 : fmt::format("E{}={:08x}", names[i], classic[i] & 0xffffffff);
    text += i % 4 == 3 ? '\n' : ' ';
  }
  for (unsigned i = 0; wide && i < 8; ++i) {
    text += fmt::format("R{:<2}={:016x}{}", i + 8, numbered[i], i % 4 == 3 ? '\n' : ' ');
  }
  return text;
}

std::string segment_line(std::string_view name, const x86::Segment& segment, const x86::SystemRegisters& s, bool wide) {
  const std::uint32_t attributes = segment.unusable ? 0 : x86::descriptor_attributes(segment);
  std::string text = fmt::format("{:<3}={:04x} {:0{}x} {:08x} {:08x}", name, segment.selector, segment.base,
                                 wide ? 16 : 8, segment.limit, attributes);
  if ((s.cr0 & x86::cr0::pe) && segment.present && !segment.unusable) {
    text += fmt::format(" DPL={} {}", segment.dpl, segment_kind(segment, s.efer & x86::efer::lma));
  }
  return text + '\n';
}

std::string system_text(const x86::SystemRegisters& s, const x86::DebugRegisters& debug) {
  const bool lma = s.efer & x86::efer::lma;
  const int width = lma ? 16 : 8;
  std::string text = fmt::format("GDT=     {:0{}x} {:08x}\nIDT=     {:0{}x} {:08x}\n", s.gdt.base, width, s.gdt.limit,
                                 s.idt.base, width, s.idt.limit);
  text += fmt::format("CR0={:08x} CR2={:0{}x} CR3={:0{}x} CR4={:08x}\n", s.cr0, s.cr2, width, s.cr3, width, s.cr4);
  for (unsigned i = 0; i < 4; ++i) text += fmt::format("DR{}={:016x} ", i, debug.db[i]);
  return text + fmt::format("\nDR6={:016x} DR7={:016x}\nEFER={:016x}\n", debug.dr6, debug.dr7, s.efer);
}

template <class T>
T load(const x86::ExtendedState& state, std::size_t offset) {
  T value{};
  std::memcpy(&value, state.bytes.data() + offset, sizeof value);
  return value;
}

// The legacy area of XSAVE (SDM vol. 1, 10.5.1); x87 registers by their number, not by their distance from the top.
std::string vector_text(const x86::ExtendedState& state, bool wide) {
  const auto status = load<std::uint16_t>(state, 2);
  const unsigned top = status >> 11 & 7;
  std::string text =
      fmt::format("FCW={:04x} FSW={:04x} [ST={}] FTW={:02x} MXCSR={:08x}\n", load<std::uint16_t>(state, 0), status, top,
                  load<std::uint8_t>(state, 4), load<std::uint32_t>(state, 24));
  for (unsigned i = 0; i < 8; ++i) {
    const std::size_t at = 32 + 16 * ((i - top) & 7);
    text += fmt::format("FPR{}={:016x} {:04x}{}", i, load<std::uint64_t>(state, at), load<std::uint16_t>(state, at + 8),
                        i % 2 ? '\n' : ' ');
  }
  for (unsigned i = 0; i < (wide ? 16u : 8u); ++i) {
    const std::size_t at = 160 + 16 * i;
    text += fmt::format("XMM{:02}={:016x} {:016x}{}", i, load<std::uint64_t>(state, at + 8),
                        load<std::uint64_t>(state, at), i % 2 ? '\n' : ' ');
  }
  return text;
}

}  // namespace

std::string register_text(Processor& vcpu) {
  const auto& s = vcpu.system();
  const auto& general = vcpu.general();
  const bool wide = x86::mode_of(s, general.rflags) == x86::CpuMode::Long;
  std::string text = fmt::format("\nCPU#{}\n", vcpu.index()) + general_text(general, wide);
  text += wide ? fmt::format("RIP={:016x} RFL={:08x}", general.rip, general.rflags)
               : fmt::format("EIP={:08x} EFL={:08x}", general.rip & 0xffffffff, general.rflags);
  const unsigned shadow = vcpu.events().interrupt.shadow ? 1 : 0;
  text += fmt::format(" [{}] CPL={} II={} A20=1 SMM=0 HLT={}\n", flag_letters(general.rflags),
                      s.cr0 & x86::cr0::pe ? x86::privilege_level(s) : 0, shadow,
                      vcpu.run_state() == x86::RunState::Halted ? 1 : 0);
  const std::pair<std::string_view, const x86::Segment&> segments[] = {
      {"ES", s.es}, {"CS", s.cs}, {"SS", s.ss}, {"DS", s.ds}, {"FS", s.fs}, {"GS", s.gs}, {"LDT", s.ldt}, {"TR", s.tr}};
  for (const auto& [name, segment] : segments) text += segment_line(name, segment, s, wide);
  return text + system_text(s, vcpu.debug_registers()) + vector_text(vcpu.extended(), wide);
}

}  // namespace gdbvm::monitor

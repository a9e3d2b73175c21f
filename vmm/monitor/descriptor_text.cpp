// Descriptor tables in words (SDM vol. 3, 3.4.5, 3.5 and 6.11).
#include "vmm/monitor/descriptor_text.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "vmm/memory/little_endian.h"
#include "vmm/x86/exceptions.h"
#include "vmm/x86/segments.h"

namespace gdbvm::monitor {

namespace {

// Types of system segments and gates, SDM vol. 3, table 3-2; QEMU's words.
std::string_view system_type(unsigned type, bool long_mode) {
  constexpr std::string_view names32[] = {
      "Reserved", "TSS16-avl", "LDT",      "TSS16-busy", "CallGate16", "TaskGate", "IntGate16", "TrapGate16",
      "Reserved", "TSS32-avl", "Reserved", "TSS32-busy", "CallGate32", "Reserved", "IntGate32", "TrapGate32"};
  constexpr std::string_view names64[] = {"Reserved",   "Reserved", "LDT",       "Reserved",  "Reserved", "Reserved",
                                          "Reserved",   "Reserved", "Reserved",  "TSS64-avl", "Reserved", "TSS64-busy",
                                          "CallGate64", "Reserved", "IntGate64", "TrapGate64"};
  return (long_mode ? names64 : names32)[type & 15];
}

bool load(const ReadLinear& read, std::uint64_t address, std::uint64_t& value, std::size_t size = 8) {
  std::array<std::uint8_t, 8> bytes{};
  const bool good = read(address, std::span(bytes).first(size));
  value = little_endian(bytes);
  return good;
}

std::string_view vector_name(unsigned vector) { return x86::name_of_exception(static_cast<std::uint8_t>(vector)); }

struct IdtEntry {
  std::uint64_t low = 0, high = 0;
};
std::string gate_line(unsigned vector, const IdtEntry& entry, bool long_mode) {
  const bool wide_offset = (entry.low >> 40 & 0xf) >= 0xc;  // 32-bit and 64-bit gates
  std::uint64_t offset = entry.low & 0xffff;
  if (wide_offset) offset |= entry.low >> 32 & 0xffff0000;
  if (long_mode) offset |= entry.high << 32;
  const auto type = system_type(static_cast<unsigned>(entry.low >> 40 & 0xf), long_mode);
  std::string text = fmt::format("{:3} {:<4} {:<10} {:04x}:{:0{}x} DPL={}", vector, vector_name(vector), type,
                                 entry.low >> 16 & 0xffff, offset, long_mode ? 16 : 8, entry.low >> 45 & 3);
  if (long_mode) text += fmt::format(" IST={}", entry.low >> 32 & 7);
  if (!(entry.low >> 47 & 1)) text += " not present";
  return text + '\n';
}

std::string real_mode_line(unsigned vector, std::uint64_t entry) {
  return fmt::format("{:3} {:<4} {:04x}:{:04x}\n", vector, vector_name(vector), entry >> 16 & 0xffff, entry & 0xffff);
}

}  // namespace

std::string segment_kind(const x86::Segment& segment, bool long_mode) {
  if (!segment.s) return std::string(system_type(segment.type, long_mode));
  const auto letter = [&](unsigned bit, char c) { return segment.type & bit ? c : '-'; };
  constexpr unsigned accessed = 1, second = 2, third = 4, code = 8;
  if (segment.type & code) {
    return fmt::format("{} [{}{}{}]",
                       segment.l    ? "CS64"
                       : segment.db ? "CS32"
                                    : "CS16",
                       letter(third, 'C'), letter(second, 'R'), letter(accessed, 'A'));
  }
  return fmt::format("{} [{}{}{}]", segment.db || long_mode ? "DS  " : "DS16", letter(third, 'E'), letter(second, 'W'),
                     letter(accessed, 'A'));
}

std::string gdt_text(const x86::SystemRegisters& system, const ReadLinear& read) {
  const bool long_mode = system.efer & x86::efer::lma;
  std::string text = fmt::format("GDT at {:#x}, limit {:#x}\n", system.gdt.base, system.gdt.limit);
  for (unsigned offset = 0; offset + 7u <= system.gdt.limit; offset += 8) {
    std::uint64_t low = 0, high = 0;
    if (!load(read, system.gdt.base + offset, low)) return text + fmt::format("{:04x} cannot be read\n", offset);
    if (low == 0) continue;
    x86::Segment segment = x86::decode_descriptor(low, static_cast<std::uint16_t>(offset));
    const unsigned at = offset;
    if (!segment.s && long_mode && load(read, system.gdt.base + offset + 8, high)) {
      segment.base |= high << 32;
      offset += 8;  // descriptors of 16 bytes
    }
    text += fmt::format("{:04x} base {:#018x} limit {:08x} DPL={} {}{}\n", at, segment.base, segment.limit, segment.dpl,
                        segment_kind(segment, long_mode), segment.present ? "" : " not present");
  }
  return text;
}

std::string idt_text(const x86::SystemRegisters& system, const ReadLinear& read, std::optional<unsigned> only) {
  const bool long_mode = system.efer & x86::efer::lma, real = !(system.cr0 & x86::cr0::pe);
  const unsigned size = real ? 4 : long_mode ? 16 : 8;
  std::string text = fmt::format("IDT at {:#x}, limit {:#x}\n", system.idt.base, system.idt.limit);
  for (unsigned vector = only.value_or(0); vector < 256 && (vector + 1) * size - 1 <= system.idt.limit; ++vector) {
    IdtEntry entry;
    const std::uint64_t at = system.idt.base + vector * size;
    const bool good = load(read, at, entry.low, real ? 4 : 8) && (!long_mode || load(read, at + 8, entry.high, 4));
    if (!good) return text + fmt::format("{:3} cannot be read\n", vector);
    if (entry.low != 0 || only) text += real ? real_mode_line(vector, entry.low) : gate_line(vector, entry, long_mode);
    if (only) return text;
  }
  return only ? text + fmt::format("{:3} is beyond the limit\n", *only) : text;
}

}  // namespace gdbvm::monitor

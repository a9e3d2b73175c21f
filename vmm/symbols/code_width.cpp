// In 64-bit code every tenth byte or so begins a prefix and an opcode that 32-bit code has a few times in a file: there
// the prefix is dec or inc of a register.
#include "vmm/symbols/code_width.h"

#include <elf.h>

#include <algorithm>
#include <array>

#include "vmm/symbols/separate_debug.h"

namespace gdbvm::symbols {

namespace {

constexpr std::uint64_t max_looked_at = 4 << 20;  // bytes of code

// The header of the first unit (DWARF 5, 7.5.1): length, version, then the size in its place.
std::optional<unsigned> dwarf_address_size(const ElfFile& file, const ElfSection& section) {
  std::array<std::uint8_t, 12> header{};
  if (!file.read(section.offset, header)) return std::nullopt;
  const unsigned version = header[4] | header[5] << 8;
  if (version < 2 || version > 5) return std::nullopt;
  return version == 5 ? header[7] : header[10];
}

std::size_t count_wide_instructions(std::span<const std::uint8_t> code) {
  constexpr std::uint8_t opcodes[] = {0x01, 0x29, 0x31, 0x39, 0x83, 0x85, 0x89, 0x8b, 0x8d, 0xc7};
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    const bool prefix = code[i] == 0x48 || code[i] == 0x49 || code[i] == 0x4c || code[i] == 0x4d;
    count += prefix && std::ranges::find(opcodes, code[i + 1]) != std::end(opcodes);
  }
  return count;
}

bool is_wide(const ElfFile& file, const ElfSegment& segment) {
  std::vector<std::uint8_t> code(std::min(segment.file_size, max_looked_at));
  if (!file.read(segment.offset, code)) return false;
  const auto used = static_cast<std::size_t>(std::ranges::count_if(code, [](std::uint8_t byte) { return byte != 0; }));
  constexpr std::size_t bytes_each = 64, least = 16;
  const std::size_t count = count_wide_instructions(code);
  return count >= least && count * bytes_each >= used;
}

}  // namespace

bool contains_64_bit_code(const ElfFile& file) {
  if (const auto section = section_named(file, ".debug_info")) {
    if (const auto size = dwarf_address_size(file, *section)) return *size == 8;
  }
  for (unsigned i = 0; i < file.segment_count(); ++i) {
    const auto segment = file.segment(i);
    if (segment && segment->type == PT_LOAD && (segment->flags & PF_X) && is_wide(file, *segment)) return true;
  }
  return false;
}

}  // namespace gdbvm::symbols

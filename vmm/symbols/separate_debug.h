// What an ELF file says of a file of its own for its symbols.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vmm/symbols/elf_file.h"

namespace gdbvm::symbols {

std::optional<ElfSection> section_named(const ElfFile& file, std::string_view name);

// .gnu_debuglink: a file's name without a directory, and the CRC-32 of its contents.
struct DebugLink {
  std::string name;
  std::uint32_t crc;
};
std::optional<DebugLink> debug_link(const ElfFile& file);
// The one of zip and Ethernet.
std::uint32_t debug_link_crc(std::span<const std::uint8_t> bytes);

// Of .note.gnu.build-id; empty: there is none.
std::vector<std::uint8_t> build_id(const ElfFile& file);

}  // namespace gdbvm::symbols

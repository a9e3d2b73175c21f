// Sections by name: gdb's manual, "Debugging Information in Separate Files".
#include "vmm/symbols/separate_debug.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gdbvm::symbols {

namespace {

std::uint32_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, &bytes[at], sizeof value);
  return value;
}

}  // namespace

std::optional<ElfSection> section_named(const ElfFile& file, std::string_view name) {
  const auto names_section = file.section_names();
  if (!names_section) return std::nullopt;
  const auto names = file.contents(*names_section);
  for (unsigned i = 0; i < file.section_count(); ++i) {
    const auto section = file.section(i);
    if (section && string_at(names, section->name) == name) return section;
  }
  return std::nullopt;
}
std::optional<DebugLink> debug_link(const ElfFile& file) {
  const auto section = section_named(file, ".gnu_debuglink");
  if (!section) return std::nullopt;
  const auto bytes = file.contents(*section);
  const auto name = string_at(bytes, 0);
  constexpr std::size_t crc_size = 4;
  if (!name || name->empty() || name->find('/') != name->npos || bytes.size() < name->size() + 1 + crc_size) {
    return std::nullopt;
  }
  return DebugLink{std::string(*name), word(bytes, bytes.size() - crc_size)};
}

std::uint32_t debug_link_crc(std::span<const std::uint8_t> bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      made[i] = i;
      for (int bit = 0; bit < 8; ++bit) made[i] = made[i] & 1 ? 0xedb88320 ^ made[i] >> 1 : made[i] >> 1;
    }
    return made;
  }();
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) crc = table[(crc ^ byte) & 0xff] ^ crc >> 8;
  return ~crc;
}

std::vector<std::uint8_t> build_id(const ElfFile& file) {
  constexpr std::size_t header = 12, name_size = 4;  // "GNU\0"
  const auto section = section_named(file, ".note.gnu.build-id");
  if (!section) return {};
  const auto bytes = file.contents(*section);
  if (bytes.size() < header + name_size || word(bytes, 0) != name_size) return {};
  const std::uint32_t size = word(bytes, 4);
  if (size > bytes.size() - header - name_size) return {};
  const auto id = bytes.begin() + header + name_size;
  return {id, id + size};
}

}  // namespace gdbvm::symbols

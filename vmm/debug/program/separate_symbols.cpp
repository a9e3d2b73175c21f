// The places are those where gdb looks, of which it finds none on a target that serves one file.
#include "vmm/debug/program/separate_symbols.h"

#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vmm/debug/program/file_reader.h"
#include "vmm/host/read_file.h"
#include "vmm/symbols/separate_debug.h"

namespace gdbvm {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_file = std::uint64_t{2} << 30;  // bytes

std::optional<symbols::ElfFile> open_elf(const fs::path& path) {
  auto file = symbols::ElfFile::open(reader_of(path));
  return file ? std::optional(std::move(*file)) : std::nullopt;
}

std::optional<fs::path> by_build_id(const fs::path& folder, const std::vector<std::uint8_t>& id) {
  if (id.size() < 2) return std::nullopt;
  const fs::path path = folder / ".build-id" / fmt::format("{:02x}", id[0]) /
                        fmt::format("{:02x}.debug", fmt::join(id.begin() + 1, id.end(), ""));
  const auto file = open_elf(path);
  return file && symbols::build_id(*file) == id ? std::optional(path) : std::nullopt;
}

std::optional<fs::path> by_link(const fs::path& folder, const symbols::DebugLink& link) {
  for (const fs::path& path : {folder / link.name, folder / ".debug" / link.name}) {
    const auto bytes = read_file(path, max_file, "what gdbvm reads");
    if (bytes && open_elf(path) && symbols::debug_link_crc(*bytes) == link.crc) return path;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_separate_symbols(const std::string& image) {
  const auto file = open_elf(image);
  if (!file || symbols::section_named(*file, ".debug_info")) return std::nullopt;
  const fs::path folder = fs::path(image).parent_path();
  if (auto found = by_build_id(folder, symbols::build_id(*file))) return found->string();
  const auto link = symbols::debug_link(*file);
  const auto found = link ? by_link(folder, *link) : std::nullopt;
  return found ? std::optional(found->string()) : std::nullopt;
}

}  // namespace gdbvm

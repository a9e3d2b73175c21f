// Finds the table of relocations and what it points to (System V ABI, chapter 5; x86-64 supplement, 4.4).
#include "vmm/boot/elf_relocations.h"

#include <elf.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace gdbvm::boot {

namespace {

using symbols::ElfFile;

template <class T>
std::optional<T> load_from(const ElfFile& file, std::uint64_t offset) {
  T value{};
  if (!file.read(offset, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

struct Table {
  std::uint64_t address = 0, size = 0, entry_size = sizeof(Elf64_Rela);
};

Table find_table(const ElfFile& file, const symbols::ElfSegment& dynamic) {
  Table table;
  for (std::uint64_t at = 0; dynamic.file_size - at >= sizeof(Elf64_Dyn); at += sizeof(Elf64_Dyn)) {
    const auto entry = load_from<Elf64_Dyn>(file, dynamic.offset + at);
    if (!entry || entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_RELA) table.address = entry->d_un.d_ptr;
    if (entry->d_tag == DT_RELASZ) table.size = entry->d_un.d_val;
    if (entry->d_tag == DT_RELAENT) table.entry_size = entry->d_un.d_val;
  }
  return table;
}

// Finds the segment of a linear address among many.
class Places final {
 public:
  explicit Places(std::span<const LoadSegment> segments) : segments_(segments), order_(segments.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::sort(order_, {}, [this](std::size_t i) { return segments_[i].linear; });
  }
  // The segment that holds `size` bytes from `address` on, in its first `LoadSegment::*part` bytes.
  std::optional<std::size_t> find(std::uint64_t address, std::uint64_t size, std::uint64_t LoadSegment::* part) const {
    const auto after =
        std::ranges::upper_bound(order_, address, {}, [this](std::size_t i) { return segments_[i].linear.value; });
    if (after == order_.begin()) return std::nullopt;
    const LoadSegment& segment = segments_[*(after - 1)];
    const std::uint64_t offset = address - segment.linear.value, room = segment.*part;
    return offset <= room && size <= room - offset ? std::optional(*(after - 1)) : std::nullopt;
  }

 private:
  std::span<const LoadSegment> segments_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::expected<std::vector<Relocation>, std::string> read_relocations(const ElfFile& file,
                                                                     const symbols::ElfSegment& dynamic,
                                                                     std::span<const LoadSegment> segments) {
  std::vector<Relocation> relocations;
  const Table table = find_table(file, dynamic);
  if (table.size == 0) return relocations;
  const Places places(segments);
  const auto home = places.find(table.address, table.size, &LoadSegment::file_size);
  if (!home || table.entry_size != sizeof(Elf64_Rela))
    return std::unexpected("is damaged: its relocations are missing");
  const std::uint64_t start = segments[*home].file_offset + (table.address - segments[*home].linear.value);
  for (std::uint64_t at = 0; table.size - at >= sizeof(Elf64_Rela); at += sizeof(Elf64_Rela)) {
    const auto entry = load_from<Elf64_Rela>(file, start + at);
    if (!entry) break;
    if (ELF64_R_TYPE(entry->r_info) != R_X86_64_RELATIVE) continue;
    const auto segment = places.find(entry->r_offset, sizeof(std::uint64_t), &LoadSegment::memory_size);
    if (!segment)
      return std::unexpected(fmt::format("is damaged: it relocates {:#x}, outside itself", entry->r_offset));
    relocations.push_back(
        {*segment, entry->r_offset - segments[*segment].linear.value, static_cast<std::uint64_t>(entry->r_addend)});
  }
  return relocations;
}

}  // namespace gdbvm::boot

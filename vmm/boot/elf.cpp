// Checks an ELF file's headers and segments.
#include "vmm/boot/elf.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace gdbvm::boot {

namespace {

using symbols::ElfClass;
using symbols::ElfFile;

// Does [offset, offset + size) lie inside the file?
bool inside(std::span<const std::uint8_t> image, std::uint64_t offset, std::uint64_t size) {
  return offset <= image.size() && size <= image.size() - offset;
}

// What is wrong with it, as a predicate; nullopt: nothing.
std::optional<std::string> header_problem(const ElfFile& file) {
  const bool is_64 = file.elf_class() == ElfClass::Elf64;
  if (file.machine() != (is_64 ? EM_X86_64 : EM_386)) {
    return fmt::format("is an ELF for machine {}, not {}", file.machine(), is_64 ? "x86-64" : "i386");
  }
  if (file.type() == ET_REL) return "is an object file, which has not been linked";
  if (file.type() == ET_CORE) return "is a core dump, not an executable";
  if (file.type() != ET_EXEC && file.type() != ET_DYN) {
    return fmt::format("is an ELF of type {}, not an executable", file.type());
  }
  if (file.segment_count() == 0) return "is an ELF without segments";
  if (file.segment_count() == PN_XNUM) return "is an ELF with too many segments";
  if (!file.has_usable_segments()) {
    return fmt::format("is a damaged ELF: its program headers have {} bytes each", file.segment_header_size());
  }
  if (!file.segment(file.segment_count() - 1u)) {
    return "is a truncated or damaged ELF: its program headers lie outside the file";
  }
  return std::nullopt;
}

std::expected<LoadSegment, ImageError> to_load(const symbols::ElfSegment& header, std::span<const std::uint8_t> image,
                                               const std::string& name) {
  const auto bad = [&](const char* why) {
    return std::unexpected(fmt::format("{}: the segment for {:#x} {}", name, header.physical, why));
  };
  const std::uint64_t last = header.memory_size - 1;  // it is not 0
  if (header.file_size > header.memory_size) return bad("has more bytes in the file than in memory");
  if (!inside(image, header.offset, header.file_size)) {
    return bad("lies outside the file: it is truncated or damaged");
  }
  if (header.physical > UINT64_MAX - last || header.linear > UINT64_MAX - last) {
    return bad("wraps around the end of the address space");
  }
  return LoadSegment{.linear = {header.linear},
                     .physical = {header.physical},
                     .file_offset = header.offset,
                     .file_size = header.file_size,
                     .memory_size = header.memory_size};
}

// What a note of another owner holds may be anything.
void drop_foreign_entry(ElfImage& elf) {
  const auto& entry = elf.notes.pvh_entry;
  if (!entry || elf.notes.pvh_entry_is_xens) return;
  const bool is_inside = std::ranges::any_of(
      elf.segments, [&](const LoadSegment& s) { return *entry - s.physical.value < s.memory_size; });
  if (!is_inside) elf.notes.pvh_entry.reset();
}

}  // namespace

bool has_elf_magic(std::span<const std::uint8_t> image) {
  return image.size() >= SELFMAG && std::memcmp(image.data(), ELFMAG, SELFMAG) == 0;
}

std::expected<ElfImage, ImageError> parse_elf(std::span<const std::uint8_t> image, const std::string& name) {
  const auto file = ElfFile::open(symbols::reader_of(image));
  if (!file) return std::unexpected(name + " " + file.error());
  if (const auto problem = header_problem(*file)) return std::unexpected(name + " " + *problem);
  ElfImage elf{.elf_class = file->elf_class(), .entry = file->entry(), .segments = {}, .relocations = {}, .notes = {}};
  std::optional<symbols::ElfSegment> dynamic;
  unsigned notes_left = 16;
  for (unsigned i = 0; i < file->segment_count(); ++i) {
    const auto segment = *file->segment(i);
    if (segment.type == PT_INTERP) elf.has_interpreter = true;
    if (segment.type == PT_NOTE && inside(image, segment.offset, segment.file_size) && notes_left > 0) {
      --notes_left;
      read_boot_notes(image.subspan(segment.offset, segment.file_size), elf.notes);
    }
    if (segment.type == PT_DYNAMIC) dynamic = segment;
    if (segment.type != PT_LOAD || segment.memory_size == 0) continue;
    const auto loaded = to_load(segment, image, name);
    if (!loaded) return std::unexpected(loaded.error());
    elf.segments.push_back(*loaded);
  }
  if (elf.segments.empty()) return std::unexpected(name + " is an ELF with nothing to load");
  drop_foreign_entry(elf);
  if (!dynamic || !elf.is_64()) return elf;  // i386's relocations have their values in place
  auto relocations = read_relocations(*file, *dynamic, elf.segments);
  if (!relocations) return std::unexpected(name + " " + relocations.error());
  elf.relocations = std::move(*relocations);
  return elf;
}

}  // namespace gdbvm::boot

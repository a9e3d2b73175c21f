// Reads ELF files of either width, wherever their bytes come from (System V ABI, chapters 4 and 5). They may be any
// bytes: what is read is in the file, and nothing more is promised of it.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gdbvm::symbols {

// Fills all of `out` with the file's bytes from `offset` on, or says that they are not there.
using ReadAt = std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)>;
// Over a file in memory, which must outlive the reader.
ReadAt reader_of(std::span<const std::uint8_t> file);

enum class ElfClass : std::uint8_t { Elf32, Elf64 };

// A program header (p_*).
struct ElfSegment {
  std::uint32_t type, flags;  // PT_*, PF_*
  std::uint64_t offset, file_size;
  std::uint64_t linear, physical, memory_size;
};

// A section header (sh_*).
struct ElfSection {
  std::uint32_t name, type, link;  // the name's place in the section of names; SHT_*
  std::uint64_t flags;             // SHF_*
  std::uint64_t address, offset, size;
};

class ElfFile final {
 public:
  // Little-endian files only. The error is a predicate: "is not an ELF".
  static std::expected<ElfFile, std::string> open(ReadAt read);

  ElfClass elf_class() const { return class_; }
  std::uint16_t type() const { return type_; }        // ET_*
  std::uint16_t machine() const { return machine_; }  // EM_*
  std::uint64_t entry() const { return entry_; }

  std::uint16_t segment_count() const { return segments_.count; }
  std::uint16_t segment_header_size() const { return segments_.entry_size; }
  bool has_usable_segments() const;  // their headers have the size that the class gives them
  // nullopt: there is none of that number, or none is usable.
  std::optional<ElfSegment> segment(unsigned number) const;

  std::uint16_t section_count() const { return sections_.count; }
  std::optional<ElfSection> section(unsigned number) const;
  // The section with the sections' names.
  std::optional<ElfSection> section_names() const { return section(names_); }

  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const { return read_(offset, out); }
  // A whole section; empty where it cannot be read.
  std::vector<std::uint8_t> contents(const ElfSection& section) const;

 private:
  struct Table {
    std::uint64_t start;
    std::uint16_t entry_size, count;
    // Where that entry is; nullopt: there is none, or its header is not of this type.
    template <class Header>
    std::optional<std::uint64_t> place(unsigned number) const;
  };
  ElfFile() = default;
  template <class Header>
  void take(const Header& header);

  ReadAt read_;
  ElfClass class_{};
  std::uint16_t type_{}, machine_{}, names_{};
  std::uint64_t entry_{};
  Table segments_{}, sections_{};
};

// The string that begins at `offset` of a table of strings; nullopt beyond its end.
std::optional<std::string_view> string_at(std::span<const std::uint8_t> table, std::uint64_t offset);

}  // namespace gdbvm::symbols

// Makes valid ELF files for tests, to be damaged field by field.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace gdbvm::boot {

struct MadeElf64 {
  using Header = Elf64_Ehdr;
  using Segment = Elf64_Phdr;
  static constexpr std::uint8_t elf_class = ELFCLASS64;
  static constexpr std::uint16_t machine = EM_X86_64;
};
struct MadeElf32 {
  using Header = Elf32_Ehdr;
  using Segment = Elf32_Phdr;
  static constexpr std::uint8_t elf_class = ELFCLASS32;
  static constexpr std::uint16_t machine = EM_386;
};

template <class Format>
class ElfMaker {
 public:
  using Header = typename Format::Header;
  using Segment = typename Format::Segment;
  using Word = decltype(Header::e_entry);

  explicit ElfMaker(std::uint64_t entry) {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = Format::elf_class;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = Format::machine;
    header.e_version = EV_CURRENT;
    header.e_entry = static_cast<Word>(entry);
    header.e_phoff = sizeof(Header);
    header.e_phentsize = sizeof(Segment);
  }

  // Adds a segment with bytes in the file; returns it to be changed.
  Segment& add(std::uint64_t physical, std::uint64_t linear, const std::string& bytes, std::uint64_t memory_size = 0,
               std::uint32_t type = PT_LOAD) {
    Segment s{};
    s.p_type = type;
    s.p_paddr = static_cast<Word>(physical);
    s.p_vaddr = static_cast<Word>(linear);
    s.p_filesz = static_cast<Word>(bytes.size());
    s.p_memsz = static_cast<Word>(memory_size ? memory_size : bytes.size());
    s.p_offset = static_cast<Word>(contents_start + contents_.size());
    contents_ += bytes;
    segments.push_back(s);
    return segments.back();
  }

  std::vector<std::uint8_t> bytes() const {
    Header made = header;
    made.e_phnum = static_cast<std::uint16_t>(segments.size());
    if (phnum >= 0) made.e_phnum = static_cast<std::uint16_t>(phnum);
    std::vector<std::uint8_t> out(contents_start + contents_.size());
    std::memcpy(out.data(), &made, sizeof made);
    if (!segments.empty()) std::memcpy(out.data() + sizeof made, segments.data(), segments.size() * sizeof(Segment));
    std::memcpy(out.data() + contents_start, contents_.data(), contents_.size());
    return out;
  }

  Header header{};
  std::vector<Segment> segments;
  int phnum = -1;  // for lies

 private:
  static constexpr std::size_t contents_start = 0x400;
  std::string contents_;
};

using Elf64Maker = ElfMaker<MadeElf64>;
using Elf32Maker = ElfMaker<MadeElf32>;

}  // namespace gdbvm::boot

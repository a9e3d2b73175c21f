// The headers of a core file, and RAM after them.
#include "vmm/dump/core_file.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "vmm/dump/own_core.h"
#include "vmm/host/sparse_write.h"

namespace gdbvm::dump {

using gdbstub::fail;
using gdbstub::Progress;
using gdbstub::Result;

namespace {

struct Elf64 {
  using Header = Elf64_Ehdr;
  using Program = Elf64_Phdr;
  using Section = Elf64_Shdr;
  static constexpr unsigned char ident = ELFCLASS64;
  static constexpr Elf64_Half machine = EM_X86_64;
};
struct Elf32 {
  using Header = Elf32_Ehdr;
  using Program = Elf32_Phdr;
  using Section = Elf32_Shdr;
  static constexpr unsigned char ident = ELFCLASS32;
  static constexpr Elf32_Half machine = EM_386;
};

std::uint64_t whole_pages(std::uint64_t size) { return (size + page_size - 1) & ~(page_size - 1); }

// Where each byte of RAM is after the headers: region by region.
std::uint64_t place_of(const GuestMemory& memory, Gpa physical) {
  std::uint64_t before = 0;
  for (const auto& region : memory.regions()) {
    if (physical.value - region.start.value < region.size) return before + (physical - region.start);
    before += region.size;
  }
  return before;
}

template <class T>
void append(std::vector<std::uint8_t>& out, const T& value) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
  out.insert(out.end(), bytes, bytes + sizeof value);
}

template <class Elf>
typename Elf::Header file_header(std::size_t programs) {
  typename Elf::Header header{};
  std::ranges::copy(own_core_mark(Elf::ident), header.e_ident);
  header.e_version = EV_CURRENT;
  header.e_type = ET_CORE;
  header.e_machine = Elf::machine;
  header.e_ehsize = sizeof header;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(typename Elf::Program);
  header.e_phnum = static_cast<decltype(header.e_phnum)>(std::min<std::size_t>(programs, PN_XNUM));
  if (programs < PN_XNUM) return header;
  header.e_shoff = static_cast<decltype(header.e_shoff)>(sizeof header + programs * header.e_phentsize);
  header.e_shentsize = sizeof(typename Elf::Section);
  header.e_shnum = 1;
  return header;
}

// Everything before RAM, up to a whole page.
template <class Elf>
std::vector<std::uint8_t> headers(const Core& core, const GuestMemory& memory) {
  const std::size_t programs = core.segments.size() + 1;
  std::vector<std::uint8_t> out;
  const auto header = file_header<Elf>(programs);
  append(out, header);
  const std::size_t sections = header.e_shnum * sizeof(typename Elf::Section);
  const std::uint64_t notes_at = sizeof header + programs * sizeof(typename Elf::Program) + sections;
  const std::uint64_t ram_at = whole_pages(notes_at + core.notes.size());
  typename Elf::Program program{};
  const auto set = [](auto& field, std::uint64_t value) { field = static_cast<std::decay_t<decltype(field)>>(value); };
  program.p_type = PT_NOTE;
  set(program.p_offset, notes_at);
  set(program.p_filesz, core.notes.size());
  program.p_align = 4;
  append(out, program);
  for (const CoreSegment& segment : core.segments) {
    program = {};  // no alignment, as in QEMU's: crash takes a core with one for netdump's and reads no notes
    program.p_type = PT_LOAD;
    program.p_flags = PF_R | PF_W | PF_X;
    set(program.p_offset, ram_at + place_of(memory, segment.physical));
    set(program.p_vaddr, segment.address);
    set(program.p_paddr, segment.physical.value);
    set(program.p_filesz, segment.size);
    set(program.p_memsz, segment.size);
    append(out, program);
  }
  if (sections) {
    typename Elf::Section section{};
    set(section.sh_info, programs);
    append(out, section);
  }
  out.insert(out.end(), core.notes.begin(), core.notes.end());
  out.resize(ram_at);
  return out;
}

}  // namespace

Result<CoreFile> CoreFile::beside(const std::string& path, const GuestMemory& memory, ReadPhysical read) {
  auto file = NewFile::beside(path, is_own_core);
  if (!file) return fail(file.error());
  return CoreFile(std::move(*file), path, memory, std::move(read));
}

gdbstub::Error CoreFile::failure() const { return {fmt::format("cannot write {}: {}", path_, std::strerror(errno))}; }

Result<> CoreFile::write_headers(const Core& core) {
  const auto head = core.core_class == CoreClass::Elf64 ? headers<Elf64>(core, memory_) : headers<Elf32>(core, memory_);
  if (!write_at(file_.fd(), head, 0)) return std::unexpected(failure());
  offset_ = head.size();
  return {};
}

Result<Progress> CoreFile::more(const std::function<bool()>& pause) {
  for (; region_ < memory_.regions().size(); ++region_, at_ = 0) {
    const auto& region = memory_.regions()[region_];
    while (at_ < region.size) {
      const auto piece = std::span(buffer_).first(std::min<std::uint64_t>(buffer_.size(), region.size - at_));
      read_(region.start + at_, piece);
      if (!write_sparsely(file_.fd(), piece, offset_ + at_, page_size)) return std::unexpected(failure());
      at_ += piece.size();
      if (pause()) return Progress::Unfinished;
    }
    offset_ += region.size;
  }
  return finish();
}

Result<Progress> CoreFile::finish() {
  if (::ftruncate(file_.fd(), static_cast<off_t>(offset_)) != 0) return std::unexpected(failure());
  if (const auto published = file_.publish(); !published) return fail(published.error());
  return Progress::Done;
}

}  // namespace gdbvm::dump

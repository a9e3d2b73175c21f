// Reads an ELF executable's headers.
#include "vmm/boot/elf.h"

#include <elf.h>

#include <string_view>

#include "vmm/boot/little_endian.h"

namespace gdbvm::boot {

namespace {

using Parsed = std::expected<ElfImage, ImageError>;

struct Elf32 {
  using Header = Elf32_Ehdr;
  using Segment = Elf32_Phdr;
  static constexpr auto elf_class = ElfImage::Class::Elf32;
  static constexpr std::uint16_t machine = EM_386;
  static constexpr const char* machine_name = "i386";
};
struct Elf64 {
  using Header = Elf64_Ehdr;
  using Segment = Elf64_Phdr;
  static constexpr auto elf_class = ElfImage::Class::Elf64;
  static constexpr std::uint16_t machine = EM_X86_64;
  static constexpr const char* machine_name = "x86-64";
};

// Does [offset, offset + size) lie inside the file?
bool inside(std::span<const std::uint8_t> image, std::uint64_t offset, std::uint64_t size) {
  return offset <= image.size() && size <= image.size() - offset;
}

// The number in a note's descriptor, which has the size of the machine's words or 32 bits.
std::optional<std::uint64_t> descriptor_number(std::span<const std::uint8_t> notes, std::uint64_t at,
                                               std::uint32_t size) {
  if (size == sizeof(std::uint64_t)) return load<std::uint64_t>(notes, at);
  if (size == sizeof(std::uint32_t)) return load<std::uint32_t>(notes, at);
  return std::nullopt;
}

// Looks through the notes of one segment for those that tell how to boot. Kernels have a handful of notes; a file full
// of them is not worth more reading than this.
void read_notes(std::span<const std::uint8_t> notes, ElfImage& elf) {
  constexpr std::uint32_t phys32_entry = 18;
  constexpr std::string_view xen("Xen\0", 4), linux_kernel("Linux\0", 6);
  constexpr std::size_t most = 64 * 1024;
  notes = notes.first(std::min(notes.size(), most));
  const auto padded = [](std::uint32_t size) { return (std::uint64_t{size} + 3) & ~std::uint64_t{3}; };
  for (std::uint64_t at = 0;;) {
    const auto note = load<Elf32_Nhdr>(notes, at);  // the 64-bit one is the same
    if (!note) return;
    const std::uint64_t name = at + sizeof *note, descriptor = name + padded(note->n_namesz);
    const auto owned_by = [&](std::string_view owner) {
      return note->n_namesz == owner.size() && inside(notes, name, owner.size()) &&
             std::memcmp(notes.data() + name, owner.data(), owner.size()) == 0;
    };
    if (note->n_type == phys32_entry && owned_by(xen)) {
      elf.pvh_entry = descriptor_number(notes, descriptor, note->n_descsz);
    }
    elf.is_linux = elf.is_linux || owned_by(linux_kernel);
    at = descriptor + padded(note->n_descsz);
  }
}

template <class Format>
std::expected<void, ImageError> check_header(const typename Format::Header& header, const std::string& name) {
  const auto bad = [&](std::string why) { return std::unexpected(name + " " + std::move(why)); };
  if (header.e_machine != Format::machine) {
    return bad(fmt::format("is an ELF for machine {}, not {}", header.e_machine, Format::machine_name));
  }
  if (header.e_type == ET_REL) return bad("is an object file, which has not been linked");
  if (header.e_type == ET_CORE) return bad("is a core dump, not an executable");
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    return bad(fmt::format("is an ELF of type {}, not an executable", header.e_type));
  }
  if (header.e_phnum == 0) return bad("is an ELF without segments");
  if (header.e_phnum == PN_XNUM) return bad("is an ELF with too many segments");
  if (header.e_phentsize != sizeof(typename Format::Segment)) {
    return bad(fmt::format("is a damaged ELF: its program headers have {} bytes each", header.e_phentsize));
  }
  return {};
}

template <class Phdr>
std::expected<ElfSegment, ImageError> to_segment(const Phdr& header, std::span<const std::uint8_t> image,
                                                 const std::string& name) {
  const auto bad = [&](const char* why) {
    return std::unexpected(fmt::format("{}: the segment for {:#x} {}", name, header.p_paddr, why));
  };
  const std::uint64_t last = std::uint64_t{header.p_memsz} - 1;  // p_memsz is not 0
  if (header.p_filesz > header.p_memsz) return bad("has more bytes in the file than in memory");
  if (!inside(image, header.p_offset, header.p_filesz)) return bad("lies outside the file: it is truncated or damaged");
  if (header.p_paddr > UINT64_MAX - last || header.p_vaddr > UINT64_MAX - last) {
    return bad("wraps around the end of the address space");
  }
  return ElfSegment{.linear = {header.p_vaddr},
                    .physical = {header.p_paddr},
                    .file_offset = header.p_offset,
                    .file_size = header.p_filesz,
                    .memory_size = header.p_memsz};
}

template <class Format>
Parsed parse_as(std::span<const std::uint8_t> image, const std::string& name) {
  using Phdr = typename Format::Segment;
  const auto header = load<typename Format::Header>(image, 0);
  if (!header) return std::unexpected(name + " is a truncated ELF: its header is not complete");
  if (const auto good = check_header<Format>(*header, name); !good) return std::unexpected(good.error());
  if (!inside(image, header->e_phoff, std::uint64_t{header->e_phnum} * sizeof(Phdr))) {
    return std::unexpected(name + " is a truncated or damaged ELF: its program headers lie outside the file");
  }

  ElfImage elf{.elf_class = Format::elf_class, .entry = header->e_entry, .segments = {}, .pvh_entry = {}};
  unsigned notes_left = 16;
  for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
    const auto segment = *load<Phdr>(image, header->e_phoff + i * sizeof(Phdr));
    if (segment.p_type == PT_INTERP) return std::unexpected(name + " needs a dynamic linker: it is no kernel");
    if (segment.p_type == PT_NOTE && inside(image, segment.p_offset, segment.p_filesz) && notes_left > 0) {
      --notes_left;
      read_notes(image.subspan(segment.p_offset, segment.p_filesz), elf);
    }
    if (segment.p_type != PT_LOAD || segment.p_memsz == 0) continue;
    const auto loaded = to_segment(segment, image, name);
    if (!loaded) return std::unexpected(loaded.error());
    elf.segments.push_back(*loaded);
  }
  if (elf.segments.empty()) return std::unexpected(name + " is an ELF with nothing to load");
  return elf;
}

}  // namespace

bool has_elf_magic(std::span<const std::uint8_t> image) {
  return image.size() >= SELFMAG && std::memcmp(image.data(), ELFMAG, SELFMAG) == 0;
}

Parsed parse_elf(std::span<const std::uint8_t> image, const std::string& name) {
  if (!has_elf_magic(image)) return std::unexpected(name + " is not an ELF");
  if (image.size() < EI_NIDENT) return std::unexpected(name + " is a truncated ELF: its header is not complete");
  if (image[EI_DATA] != ELFDATA2LSB) return std::unexpected(name + " is a big-endian ELF, not one for x86");
  if (image[EI_CLASS] == ELFCLASS32) return parse_as<Elf32>(image, name);
  if (image[EI_CLASS] == ELFCLASS64) return parse_as<Elf64>(image, name);
  return std::unexpected(fmt::format("{} is an ELF of unknown class {}", name, image[EI_CLASS]));
}

}  // namespace gdbvm::boot

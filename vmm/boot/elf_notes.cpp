// Walks the notes of a segment (System V ABI, chapter 5).
#include "vmm/boot/elf_notes.h"

#include <elf.h>

#include <algorithm>
#include <string_view>

#include "vmm/boot/little_endian.h"

namespace gdbvm::boot {

namespace {

// The number in a note's descriptor, which has the size of the machine's words or 32 bits.
std::optional<std::uint64_t> descriptor_number(std::span<const std::uint8_t> notes, std::uint64_t at,
                                               std::uint32_t size) {
  if (size == sizeof(std::uint64_t)) return load<std::uint64_t>(notes, at);
  if (size == sizeof(std::uint32_t)) return load<std::uint32_t>(notes, at);
  return std::nullopt;
}

}  // namespace

void read_boot_notes(std::span<const std::uint8_t> notes, BootNotes& found) {
  constexpr std::uint32_t phys32_entry = 18;
  constexpr std::string_view xen("Xen\0", 4), linux_kernel("Linux\0", 6);
  // Kernels have a handful of notes; a file full of them is not worth more reading than this.
  constexpr std::size_t max_size = 64 * 1024;
  notes = notes.first(std::min(notes.size(), max_size));
  const auto padded = [](std::uint32_t size) { return (std::uint64_t{size} + 3) & ~std::uint64_t{3}; };
  for (std::uint64_t at = 0;;) {
    const auto note = load<Elf32_Nhdr>(notes, at);  // the 64-bit one is the same
    if (!note) return;
    const std::uint64_t name = at + sizeof *note, descriptor = name + padded(note->n_namesz);
    const auto owned_by = [&](std::string_view owner) {
      return note->n_namesz == owner.size() && name <= notes.size() && owner.size() <= notes.size() - name &&
             std::memcmp(notes.data() + name, owner.data(), owner.size()) == 0;
    };
    if (note->n_type == phys32_entry && !found.pvh_entry_is_xens) {
      const auto entry = descriptor_number(notes, descriptor, note->n_descsz);
      found.pvh_entry_is_xens = entry && owned_by(xen);
      if (entry && (found.pvh_entry_is_xens || !found.pvh_entry)) found.pvh_entry = entry;
    }
    found.is_linux = found.is_linux || owned_by(linux_kernel);
    at = descriptor + padded(note->n_descsz);
  }
}

}  // namespace gdbvm::boot

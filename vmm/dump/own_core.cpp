// The mark is in the first 16 bytes, as these are what a file's kind is told by.
#include "vmm/dump/own_core.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace gdbvm::dump {

std::array<std::uint8_t, 16> own_core_mark(std::uint8_t elf_class) {
  constexpr std::string_view name = "gdbvm";
  std::array<std::uint8_t, EI_NIDENT> ident{ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, elf_class, ELFDATA2LSB, EV_CURRENT};
  static_assert(EI_PAD + name.size() <= EI_NIDENT);
  std::ranges::copy(name, ident.begin() + EI_PAD);
  return ident;
}

bool is_own_core(int fd) {
  std::array<std::uint8_t, EI_NIDENT> ident{};
  if (::pread(fd, ident.data(), ident.size(), 0) != static_cast<ssize_t>(ident.size())) return false;
  return ident == own_core_mark(ELFCLASS64) || ident == own_core_mark(ELFCLASS32);
}

}  // namespace gdbvm::dump

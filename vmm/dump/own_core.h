// How a core that gdbvm wrote is told from any other file.
#pragma once

#include <array>
#include <cstdint>

namespace gdbvm::dump {

// e_ident of a core: "gdbvm" stands in the bytes that the ELF specification reserves (EI_PAD) and readers ignore.
std::array<std::uint8_t, 16> own_core_mark(std::uint8_t elf_class);

bool is_own_core(int fd);

}  // namespace gdbvm::dump

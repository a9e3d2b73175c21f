// What is asked of an ELF file that debuggers are given as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace gdbvm::symbols {

// Fills all of `out` with the file's bytes from `offset` on, or says that they are not there.
using ReadAt = std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)>;

bool is_64_bit_elf(const ReadAt& read);

// Where the first segment to be loaded is linked for. nullopt: no 64-bit ELF file with one.
std::optional<std::uint64_t> first_segment(const ReadAt& read);

// The values of the symbols of these names; those that the file has not are missing. Of several with one name, the
// global one counts, or else the first.
std::map<std::string, std::uint64_t, std::less<>> find_symbols(const ReadAt& read, std::span<const char* const> names);

}  // namespace gdbvm::symbols

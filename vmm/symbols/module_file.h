// A kernel module's file (.ko): the sections that it has in memory.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace gdbvm::symbols {

struct ModuleSection {
  std::string name;
  std::uint64_t size;  // bytes
  bool operator==(const ModuleSection&) const = default;
};

// The sections with SHF_ALLOC, in the file's order, those that are empty included. The error is a sentence without a
// full stop.
std::expected<std::vector<ModuleSection>, std::string> allocated_sections(std::span<const std::uint8_t> bytes);

}  // namespace gdbvm::symbols

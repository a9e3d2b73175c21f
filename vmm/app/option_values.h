// What the values of options mean. Errors are sentences that name the option.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vmm/app/options.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// "256M": K, M, G or T, MiB without a suffix; a positive multiple of the page size of at most 4T. In bytes.
std::expected<std::uint64_t, std::string> parse_memory_size(std::string_view text);
// Decimal, or hexadecimal with 0x.
std::expected<Gpa, std::string> parse_load_address(std::string_view text);
// Each "FILE" or "FILE,ro".
std::expected<std::vector<Disk>, std::string> parse_disks(std::span<const std::string> texts);

}  // namespace gdbvm

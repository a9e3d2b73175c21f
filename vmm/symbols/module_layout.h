// Where a Linux kernel's struct module has what debuggers need: list, name, state, and its sections' addresses.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "vmm/symbols/btf.h"

namespace gdbvm::symbols {

// Offsets in bytes from the start of the struct named. The sections' addresses are what the kernel shows in
// /sys/module/NAME/sections, which it keeps if it has kallsyms.
struct ModuleLayout {
  // struct module
  std::uint64_t list, name, name_size, state, sections;
  // what `sections` points to: the number of entries, then an array of them
  std::uint64_t section_count, first_section;
  // an entry
  std::uint64_t section_size, section_name, section_address;
  // Since 6.14 there is no count, but a list of pointers to the entries that ends with null: this is where the pointer
  // to it is, in place of the count.
  bool listed;
};

// The error is a sentence without a full stop.
std::expected<ModuleLayout, std::string> module_layout(const Btf& btf);

}  // namespace gdbvm::symbols

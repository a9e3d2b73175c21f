// The modules that a Linux kernel has loaded, read from its list in guest memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/symbols/module_layout.h"

namespace gdbvm {

// Fills all of `out` from the guest's virtual memory, or says that it cannot.
using ReadGuest = std::function<bool(Gva, std::span<std::uint8_t> out)>;

struct LoadedModule {
  std::string name;
  std::map<std::string, Gva> sections;  // those that the kernel loaded, init sections included
};

// `list`: the kernel's list head. Only modules that are `wanted` have their sections read. This ends whatever the
// guest's memory holds: a list that is cyclic or endless is cut off there, and so is one with a wild pointer. Modules
// that are not laid out yet are left out. nullopt: the list cannot be read.
std::optional<std::vector<LoadedModule>> loaded_modules(const symbols::ModuleLayout& layout, Gva list,
                                                        const ReadGuest& read,
                                                        const std::function<bool(const std::string& name)>& wanted);

}  // namespace gdbvm

// From a guest-virtual to a guest-physical address by the guest's own page tables, and why not.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/paging.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

struct Translation {
  Gpa address;
  std::uint64_t page_size;  // bytes; without paging 4 GiB
  paging::Rights rights;
  std::array<Gpa, 5> entry{};  // the table entries passed, root first
  unsigned entry_count = 0;
  std::span<const Gpa> entries() const { return std::span(entry).first(entry_count); }
};

struct TranslationError {
  enum class Kind {
    NotAnAddress,  // not canonical, or above 4 GiB where addresses have 32 bits
    NotPresent,    // `entry` of `table` has its present bit clear
    TableNotRam,   // `table` lies outside RAM
  } kind;
  Gva address;
  const char* table = "";  // "PDPT"
  Gpa entry{};
  std::array<Gpa, 5> passed{};  // the entries before and including `entry`: where a change would map the address
  unsigned passed_count = 0;
};
// One sentence, without a full stop: "0xffff800000000000 is not mapped: PDPT entry at 0x2000 is not present".
std::string describe(const TranslationError& error);

// Tolerates reserved bits, as the guest may run on a CPU that defines them. Whether the result is RAM is not asked.
std::expected<Translation, TranslationError> translate(const GuestMemory& memory, const x86::SystemRegisters& system,
                                                       Gva address);

}  // namespace gdbvm

// The pages by which one can tell, without running the guest, that nothing happened that is waited for.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "vmm/debug/stops/stop_table.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// Those that are watched for writes, and the page tables that lead to them: as long as none of these is written, an
// address means the same page, and holds the same.
struct WatchedPages {
  std::vector<std::uint64_t> numbers;  // see GuestMemory::number_of()
  x86::SystemRegisters paging{};       // that the addresses were translated by

  bool translates_like(const x86::SystemRegisters& other) const;
};

enum class Waited : bool { All, OnlyWrites };
// nullopt: what is waited for leaves no trace in RAM, such as a breakpoint or a watched read, or is not to be found.
std::optional<WatchedPages> watched_pages(const StopTable& stops, const GuestMemory& memory,
                                          const x86::SystemRegisters& paging, Waited waited);

}  // namespace gdbvm

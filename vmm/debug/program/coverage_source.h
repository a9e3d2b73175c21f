// The source lines of the guest's program, for coverage.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gdbstub/types.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/coverage/coverage_map.h"

namespace gdbvm {

// Of the files that the patterns mean (see coverage::is_chosen) in that ELF file; empty: there is none.
gdbstub::Result<coverage::CoverageMap> read_coverage_map(const std::string& elf, std::span<const std::string> patterns);

// Where each of the addresses has been put by who booted the guest from that ELF file: nullopt where the plan says
// nothing of it, or has other code there.
std::vector<std::optional<Gpa>> loaded_places(const std::string& elf, const boot::BootPlan& plan,
                                              std::span<const std::uint64_t> addresses);

}  // namespace gdbvm

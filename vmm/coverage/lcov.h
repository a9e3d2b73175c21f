// Coverage in the format of lcov's .info files (geninfo(1)), which genhtml and most services read.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "vmm/coverage/coverage_map.h"
#include "vmm/host/new_file.h"

namespace gdbvm::coverage {

// An executed line or function counts as executed once: how often is not known.
std::string lcov_of(std::span<const CoverageMap::File> files);

// A file that write_lcov() will be able to write, as far as can be known before. Only a file of this kind is replaced.
// Errors are sentences that name the path.
std::expected<NewFile, std::string> new_lcov_file(const std::string& path);
std::expected<void, std::string> write_lcov(const std::string& path, std::span<const CoverageMap::File> files);

}  // namespace gdbvm::coverage

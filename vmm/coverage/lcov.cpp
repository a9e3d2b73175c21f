#include "vmm/coverage/lcov.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "vmm/host/own_file.h"

namespace gdbvm::coverage {

namespace {

constexpr std::string_view beginning = "TN:gdbvm\n";

template <class Parts>
auto count_executed(const Parts& parts) {
  return std::ranges::count_if(parts, [](const auto& part) { return part.executed; });
}

}  // namespace

std::string lcov_of(std::span<const CoverageMap::File> files) {
  std::string text(beginning);
  const auto out = std::back_inserter(text);
  for (const CoverageMap::File& file : files) {
    fmt::format_to(out, "SF:{}\n", file.path);
    for (const auto& function : file.functions) fmt::format_to(out, "FN:{},{}\n", function.line, function.name);
    for (const auto& function : file.functions) fmt::format_to(out, "FNDA:{:d},{}\n", function.executed, function.name);
    fmt::format_to(out, "FNF:{}\nFNH:{}\n", file.functions.size(), count_executed(file.functions));
    for (const auto& line : file.lines) fmt::format_to(out, "DA:{},{:d}\n", line.number, line.executed);
    fmt::format_to(out, "LF:{}\nLH:{}\nend_of_record\n", file.lines.size(), count_executed(file.lines));
  }
  return text;
}

std::expected<NewFile, std::string> new_lcov_file(const std::string& path) {
  return NewFile::beside(path, [](int fd) { return FileMark{beginning}.is_in(fd); });
}

std::expected<void, std::string> write_lcov(const std::string& path, std::span<const CoverageMap::File> files) {
  return write_own_file(path, lcov_of(files), {beginning});
}

}  // namespace gdbvm::coverage

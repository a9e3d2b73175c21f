#include "vmm/coverage/lcov.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "vmm/host/sparse_write.h"

namespace gdbvm::coverage {

namespace {

constexpr std::string_view beginning = "TN:gdbvm\n";

template <class Parts>
auto count_executed(const Parts& parts) {
  return std::ranges::count_if(parts, [](const auto& part) { return part.executed; });
}

bool is_lcov(int fd) {
  std::array<char, beginning.size()> bytes{};
  return ::pread(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()) &&
         std::string_view(bytes.data(), bytes.size()) == beginning;
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

std::expected<NewFile, std::string> new_lcov_file(const std::string& path) { return NewFile::beside(path, is_lcov); }

std::expected<void, std::string> write_lcov(const std::string& path, std::span<const CoverageMap::File> files) {
  auto file = new_lcov_file(path);
  if (!file) return std::unexpected(file.error());
  const std::string text = lcov_of(files);
  if (!write_at(file->fd(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0))
    return std::unexpected(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  return file->publish();
}

}  // namespace gdbvm::coverage

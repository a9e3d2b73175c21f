#include "vmm/coverage/coverage_map.h"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <utility>

namespace gdbvm::coverage {

namespace {

bool matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

}  // namespace

bool is_chosen(const std::string& path, std::span<const std::string> patterns) {
  if (patterns.empty()) return true;
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const std::string below = "*/" + pattern;
    return matches(pattern, path) || matches(below, path);
  });
}

CoverageMap::CoverageMap(symbols::SourceLines lines, std::span<const std::string> patterns) : lines_(std::move(lines)) {
  std::vector<bool> chosen;
  for (const std::string& path : lines_.files) chosen.push_back(is_chosen(path, patterns));
  std::erase_if(lines_.rows, [&](const auto& row) { return !chosen[row.file]; });
  std::erase_if(lines_.functions, [&](const auto& function) { return !chosen[function.file]; });
  for (const auto& row : lines_.rows) {
    if (addresses_.empty() || addresses_.back() != row.address) addresses_.push_back(row.address);
  }
}

std::vector<CoverageMap::File> CoverageMap::report(const std::vector<bool>& passed) const {
  struct Parts {
    std::map<std::uint32_t, bool> lines;
    std::map<std::pair<std::uint32_t, std::string>, bool> functions;
  };
  std::map<std::string, Parts> files;
  std::size_t at = 0;
  for (const auto& row : lines_.rows) {
    while (addresses_[at] != row.address) ++at;
    bool& executed = files[lines_.files[row.file]].lines[row.line];
    executed = executed || passed[at];
  }
  for (const auto& function : lines_.functions) {
    bool& executed = files[lines_.files[function.file]].functions[{function.line, function.name}];
    executed = executed || any_passed(function.start, function.end, passed);
  }
  std::vector<File> report;
  for (auto& [path, parts] : files) {
    File file{path, {}, {}};
    for (const auto& [key, executed] : parts.functions) file.functions.push_back({key.second, key.first, executed});
    for (const auto& [number, executed] : parts.lines) file.lines.push_back({number, executed});
    report.push_back(std::move(file));
  }
  return report;
}

bool CoverageMap::any_passed(std::uint64_t start, std::uint64_t end, const std::vector<bool>& passed) const {
  for (auto it = std::ranges::lower_bound(addresses_, start); it != addresses_.end() && *it < end; ++it) {
    if (passed[static_cast<std::size_t>(it - addresses_.begin())]) return true;
  }
  return false;
}

}  // namespace gdbvm::coverage

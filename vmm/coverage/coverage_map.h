// A program's source lines and functions, and the addresses that tell whether they have been executed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "vmm/symbols/source_lines.h"

namespace gdbvm::coverage {

// A shell pattern (fnmatch(3)) for a whole path, or for the rest of one from any of its folders on: kernel/* is
// /src/linux/kernel/fork.c too, as a * stands for slashes as well.
bool is_chosen(const std::string& path, std::span<const std::string> patterns);

class CoverageMap final {
 public:
  // Of the files that one of the patterns means; all of them, where there are none.
  CoverageMap(symbols::SourceLines lines, std::span<const std::string> patterns);

  // Where the guest's passing tells something: ascending, each once.
  std::span<const std::uint64_t> addresses() const { return addresses_; }

  // `passed` says of each of addresses() whether the guest has been there.
  struct Line {
    std::uint32_t number;
    bool executed;  // in one of its places at least
    bool operator==(const Line&) const = default;
  };
  struct Function {
    std::string name;
    std::uint32_t line;
    bool executed;
    bool operator==(const Function&) const = default;
  };
  struct File {
    std::string path;
    std::vector<Function> functions;  // by line
    std::vector<Line> lines;          // by number, each once
    bool operator==(const File&) const = default;
  };
  // By path. Files without code are missing.
  std::vector<File> report(const std::vector<bool>& passed) const;

 private:
  bool any_passed(std::uint64_t start, std::uint64_t end, const std::vector<bool>& passed) const;

  symbols::SourceLines lines_;
  std::vector<std::uint64_t> addresses_;
};

}  // namespace gdbvm::coverage

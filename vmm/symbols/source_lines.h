// Which source line each piece of a program's code was compiled from, by its DWARF line tables.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace gdbvm::symbols {

struct SourceLines {
  // Where the code of a line begins. A line may begin in many places, and several at one address.
  struct Row {
    std::uint64_t address;
    std::uint32_t file;  // in files
    std::uint32_t line;  // from 1
    auto operator<=>(const Row&) const = default;
  };
  // One that has code of its own; where it has been inlined is not told.
  struct Function {
    std::string name;
    std::uint32_t file, line;  // where it is declared
    std::uint64_t start, end;
    bool operator==(const Function&) const = default;
  };

  std::vector<std::string> files;  // as the compiler was given them, after its directory
  std::vector<Row> rows;           // ascending, each once
  std::vector<Function> functions;
};

// Of an ELF file, which is read from the descriptor; the addresses are as it is linked. Of a file without line tables,
// nothing. The error is a predicate: "is not an ELF file".
std::expected<SourceLines, std::string> read_source_lines(int fd);

}  // namespace gdbvm::symbols

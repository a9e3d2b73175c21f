// The host's files that a client may read by vFile: the program, and the libraries it was last told of. No others.
#pragma once

#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "gdbstub/target.h"

namespace gdbstub {

// Error numbers of the File-I/O protocol.
enum class FileError { NoEntry = 2, BadDescriptor = 9, TooManyFiles = 24 };

class ServedFiles {
 public:
  static constexpr std::size_t max_open = 16;

  // What the client is told of now. Asking the target for each open could be costly, so the list is kept.
  void set_libraries(const std::vector<Libraries::Library>& libraries);
  // Returns a descriptor, counted from 1.
  std::expected<std::uint64_t, FileError> open(Target& target, std::string_view name);
  // nullptr: no file is open under this descriptor.
  std::FILE* find(std::uint64_t descriptor) const;
  // Whether there was such a file.
  bool close(std::uint64_t descriptor);

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

  std::optional<ServedFile> find(Target& target, std::string_view name) const;

  std::vector<ServedFile> libraries_;
  std::vector<OpenFile> open_;  // by descriptor - 1; null: free
};

}  // namespace gdbstub

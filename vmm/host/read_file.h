// Whole files of the host.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace gdbvm {

// The bytes of a regular file of at most `max_size` bytes. Never waits: a FIFO is refused like every other file that is
// not regular. The error is a sentence without a full stop that begins with the path or names it; `limit` says in it
// what max_size is the size of.
std::expected<std::vector<std::uint8_t>, std::string> read_file(const std::string& path, std::uint64_t max_size,
                                                                const char* limit);

// The first `most` bytes of a regular file, or all of it; the error is as above.
struct FileStart {
  std::vector<std::uint8_t> bytes;
  std::uint64_t file_size;
};
std::expected<FileStart, std::string> read_start(const std::string& path, std::uint64_t most);

}  // namespace gdbvm

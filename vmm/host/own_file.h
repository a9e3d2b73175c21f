// Files of ours that are written as a whole, and replace only one of their kind.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace gdbvm {

// What files of one kind have at one place: by it they are known.
struct FileMark {
  std::string_view bytes;
  std::uint64_t offset = 0;
  bool is_in(int fd) const;
};

// As NewFile, with all of the contents. They have the mark.
std::expected<void, std::string> write_own_file(const std::string& path, std::span<const std::uint8_t> contents,
                                                FileMark mark);
inline std::expected<void, std::string> write_own_file(const std::string& path, std::string_view contents,
                                                       FileMark mark) {
  return write_own_file(path, {reinterpret_cast<const std::uint8_t*>(contents.data()), contents.size()}, mark);
}

}  // namespace gdbvm

// The file stays open for as long as the reader exists.
#include "vmm/debug/program/file_reader.h"

#include <fstream>
#include <memory>

namespace gdbvm {

symbols::ReadAt reader_of(const std::string& path) {
  return [file = std::make_shared<std::ifstream>(path, std::ios::binary)](std::uint64_t offset,
                                                                          std::span<std::uint8_t> out) {
    file->clear();  // of what the last read has met
    return offset <= INT64_MAX && file->seekg(static_cast<std::streamoff>(offset)) &&
           file->read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
  };
}

}  // namespace gdbvm

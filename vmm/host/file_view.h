// The first bytes of a file, where they are: nothing is read before it is looked at, and nothing is allocated.
#pragma once

#include <cstddef>
#include <span>

#include "vmm/host/fd.h"

namespace gdbvm {

// mmap(MAP_PRIVATE), read-only. A file that somebody makes shorter meanwhile is SIGBUS.
class FileView final {
 public:
  // The file has at least `size` bytes, which is not 0. Throws std::system_error.
  FileView(const Fd& file, std::size_t size);
  ~FileView();
  FileView(FileView&& other) noexcept;
  FileView& operator=(FileView&&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace gdbvm

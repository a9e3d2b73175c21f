#include "vmm/host/file_view.h"

#include <sys/mman.h>

#include <utility>

namespace gdbvm {

FileView::FileView(const Fd& file, std::size_t size) {
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) throw_errno("mmap");
  bytes_ = {static_cast<const std::byte*>(address), size};
}

FileView::FileView(FileView&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

FileView::~FileView() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace gdbvm

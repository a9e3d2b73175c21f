// Closing and unmapping, exactly once.
#include "vmm/host/fd.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace gdbvm {

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Fd::Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Fd& Fd::operator=(Fd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

SharedMapping::SharedMapping(const Fd& fd, std::size_t size)
    : address_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0)), size_(size) {
  if (address_ == MAP_FAILED) throw_errno("mmap");
}

SharedMapping::~SharedMapping() { ::munmap(address_, size_); }

}  // namespace gdbvm

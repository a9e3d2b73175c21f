// Owners of what the kernel hands out: a file descriptor, and a shared mapping of one.
#pragma once

#include <cstddef>
#include <utility>

namespace gdbvm {

class Fd final {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept;
  Fd& operator=(Fd&& other) noexcept;

  int get() const { return fd_; }
  // For somebody else to close.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// errno, and what could not be done, as std::system_error.
[[noreturn]] void throw_errno(const char* what);

// mmap(MAP_SHARED) of the first `size` bytes of a descriptor. Throws std::system_error.
class SharedMapping final {
 public:
  SharedMapping(const Fd& fd, std::size_t size);
  ~SharedMapping();
  SharedMapping(const SharedMapping&) = delete;
  SharedMapping& operator=(const SharedMapping&) = delete;

  void* address() const { return address_; }
  std::size_t size() const { return size_; }

 private:
  void* address_;
  std::size_t size_;
};

}  // namespace gdbvm

#include "vmm/devices/disk_image.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace gdbvm {

namespace {

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
  throw std::runtime_error(fmt::format("{} {}", path, why));
}

// Calls `transfer` with what is left until nothing is; signals do not end it.
template <class Byte, class Transfer>
bool transfer_all(std::uint64_t offset, std::span<Byte> bytes, Transfer transfer) {
  while (!bytes.empty()) {
    const ssize_t done = transfer(bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    offset += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

// Formats whose bytes are not the sectors', by the first of them.
bool is_qcow(std::span<const std::uint8_t> start) {
  constexpr std::array<std::uint8_t, 4> magic{'Q', 'F', 'I', 0xfb};
  return std::memcmp(start.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

DiskImage::DiskImage(const std::string& path, bool read_only)
    : fd_(::open(path.c_str(), (read_only ? O_RDONLY : O_RDWR | O_EXCL) | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ < 0) refuse(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  try {
    struct stat status{};
    if (::fstat(fd_, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode))) {
      refuse(path, "is neither a file nor a block device");
    }
    if (::flock(fd_, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) refuse(path, "is in use as a disk already");
      refuse(path, fmt::format("cannot be locked: {}", std::strerror(errno)));
    }
    const auto size = static_cast<std::uint64_t>(::lseek(fd_, 0, SEEK_END));
    if (size == 0 || (size % sector_size != 0 && !read_only))
      refuse(path, "is not a positive multiple of 512 bytes long");
    bytes_ = size;
    sectors_ = (size + sector_size - 1) / sector_size;
    std::array<std::uint8_t, sector_size> first{};
    if (!read(0, first)) refuse(path, "cannot be read");
    if (is_qcow(first)) refuse(path, "is a qcow2 image; qemu-img convert -O raw makes a disk of it");
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

DiskImage::~DiskImage() { ::close(fd_); }

bool DiskImage::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  const std::uint64_t end = sectors_ * sector_size;
  if (offset > end || out.size() > end - offset) return false;
  const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(bytes_ - std::min(offset, bytes_), out.size()));
  std::ranges::fill(out.subspan(there), std::uint8_t{0});
  return transfer_all(offset, out.first(there), [this](auto... arguments) { return ::pread(fd_, arguments...); });
}

bool DiskImage::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  return transfer_all(offset, bytes, [this](auto... arguments) { return ::pwrite(fd_, arguments...); });
}

DiskImage::Stamp DiskImage::stamp() const {
  struct stat status{};
  (void)::fstat(fd_, &status);  // of an open file
  return {sectors_, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

bool DiskImage::flush() {
  int result;
  do {
    result = ::fdatasync(fd_);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

}  // namespace gdbvm

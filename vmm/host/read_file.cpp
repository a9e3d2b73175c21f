// Opening, measuring and reading a file, with a sentence for each way that can fail.
#include "vmm/host/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "vmm/host/fd.h"

namespace gdbvm {

namespace {

std::unexpected<std::string> failed(const std::string& path, const char* what, int error) {
  return std::unexpected(fmt::format("cannot {} {}: {}", what, path, std::strerror(error)));
}

struct Opened {
  Fd file;
  std::uint64_t size;
};

std::expected<Opened, std::string> open_regular(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return failed(path, "open", errno);
  struct stat status{};
  if (::fstat(file.get(), &status) < 0) return failed(path, "examine", errno);
  if (S_ISDIR(status.st_mode)) return std::unexpected(path + " is a directory");
  if (!S_ISREG(status.st_mode)) return std::unexpected(path + " is not a regular file");
  return Opened{std::move(file), static_cast<std::uint64_t>(status.st_size)};
}

std::expected<std::vector<std::uint8_t>, std::string> read_bytes(const Fd& file, std::uint64_t size,
                                                                 const std::string& path) {
  std::vector<std::uint8_t> bytes(size);
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t n = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(path, "read", errno);
    if (n == 0) break;  // it has shrunk since
    filled += static_cast<std::size_t>(n);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

std::expected<std::vector<std::uint8_t>, std::string> read_file(const std::string& path, std::uint64_t max_size,
                                                                const char* limit) {
  const auto opened = open_regular(path);
  if (!opened) return std::unexpected(opened.error());
  if (opened->size > max_size) {
    return std::unexpected(fmt::format("{} is larger than {} ({} > {} bytes)", path, limit, opened->size, max_size));
  }
  return read_bytes(opened->file, opened->size, path);
}

std::expected<FileStart, std::string> read_start(const std::string& path, std::uint64_t most) {
  const auto opened = open_regular(path);
  if (!opened) return std::unexpected(opened.error());
  auto bytes = read_bytes(opened->file, std::min(most, opened->size), path);
  if (!bytes) return std::unexpected(bytes.error());
  return FileStart{std::move(*bytes), opened->size};
}

}  // namespace gdbvm

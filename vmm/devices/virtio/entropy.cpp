#include "vmm/devices/virtio/entropy.h"

#include <sys/random.h>

#include <algorithm>

namespace gdbvm::virtio {

namespace {
// What getrandom() gives at once and whole, once the host has gathered any at all.
constexpr std::size_t at_once = 256;
// A request may ask for more than anybody needs; the device may give less (5.4.6).
constexpr std::size_t most = 65536;
}  // namespace

std::uint32_t Entropy::serve(Request& request) {
  std::uint32_t written = 0;
  for (auto piece : request.writable) {
    while (!piece.empty()) {
      const std::size_t count = std::min({piece.size(), at_once, most - written});
      if (count == 0) return written;
      if (::getrandom(piece.data(), count, 0) != static_cast<ssize_t>(count)) return written;
      written += static_cast<std::uint32_t>(count);
      piece = piece.subspan(count);
    }
  }
  return written;
}

}  // namespace gdbvm::virtio

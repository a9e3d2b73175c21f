// Any bytes as what a driver writes: queue, chains and requests of a disk. Each request ends, whatever the device does
// with it.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "vmm/devices/virtio/block.h"
#include "vmm/devices/virtio/mmio.h"

using namespace gdbvm;

namespace {

constexpr std::uint64_t memory_size = 16 * page_size;

std::string disk_of_four_sectors() {
  std::string path = "/tmp/virtio_fuzz_XXXXXX";
  const int fd = ::mkstemp(path.data());
  if (fd < 0 || ::ftruncate(fd, 4 * DiskImage::sector_size) != 0) std::abort();
  ::close(fd);
  return path;
}

// A disk whose file has been unlinked; every input finds it as the previous one left it.
std::unique_ptr<virtio::Device> disk() {
  const std::string path = disk_of_four_sectors();
  auto block = std::make_unique<virtio::Block>(path, DiskMode::ReadWrite);
  ::unlink(path.c_str());
  return block;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static GuestMemory memory(memory_size);
  static virtio::Mmio mmio(disk(), memory, [](bool) {});
  const auto set = [](std::uint64_t offset, std::uint32_t value) {
    mmio.write(offset, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  };
  if (size < 4) return 0;
  mmio.reset();
  std::memset(memory.at({0}, memory_size), 0, memory_size);
  set(0x24, 1);
  set(0x20, 1);
  set(0x70, 15);
  // Its parts may overlap the input.
  set(0x38, 1u << bytes[0] % 10);
  set(0x80, bytes[0] / 10 * 16u);
  set(0x90, bytes[1] * 2u);
  set(0xa0, bytes[2] * 4u);
  set(0x44, 1);
  std::memcpy(memory.at({0}, memory_size), bytes + 4, std::min<std::size_t>(size - 4, memory_size));
  for (unsigned i = 0; i <= bytes[3] % 4; ++i) set(0x50, 0);
  return 0;
}

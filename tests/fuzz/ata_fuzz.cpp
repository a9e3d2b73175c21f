// Any accesses to an IDE controller with a disk and a CD-ROM drive, any descriptors and data in memory, and any state.
// Another controller, restored from what this one saved, answers alike.
#include <unistd.h>

#include <memory>
#include <string>

#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/ide/ata_disk.h"
#include "vmm/devices/ide/cdrom.h"
#include "vmm/devices/ide/controller.h"
#include "vmm/memory/guest_memory.h"

using namespace gdbvm;

namespace {

constexpr std::uint64_t memory_size = 16 * page_size;

// What is written to it stays in memory.
class File {
 public:
  File() {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0 || ::ftruncate(fd, 8 * 512) != 0) std::abort();
    ::close(fd);
  }
  ~File() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/ata_fuzz_XXXXXX";
};

struct Drives {
  Drives(GuestMemory& memory, const File& file) : controller(memory, {[](bool) {}, [](bool) {}}) {
    controller.set_drive(0, std::make_unique<ide::AtaDisk>(file.path(), DiskMode::Snapshot));
    controller.set_drive(1, std::make_unique<ide::Cdrom>(file.path()));
  }
  ide::Controller controller;
};

// What a guest sees of one access. The first channel has the drives.
std::uint32_t access(ide::Controller& controller, std::uint8_t what, std::uint32_t value) {
  constexpr std::uint16_t offsets[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0x22, 0x24, 0x10, 0x17, 0, 7};
  const std::uint16_t offset = offsets[what & 15];
  const std::size_t width = offset == 0 || offset == 0x24 ? std::size_t{1} << (what >> 4 & 3) % 3 : 1;
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  const auto part = std::span(bytes).first(width);
  what & 0x80 ? controller.read(offset, part) : controller.write(offset, part);
  std::uint32_t seen = 0;
  std::memcpy(&seen, bytes.data(), sizeof seen);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const File file;
  static GuestMemory memory(memory_size);
  Drives first(memory, file), second(memory, file);
  Input input({bytes, size});
  std::memset(memory.at({0}, memory_size), 0, memory_size);
  memory.write({0}, input.take(input.get<std::uint8_t>()));
  while (!input.empty()) {
    const auto what = input.get<std::uint8_t>();
    if (what == 0xff) {
      restore(first.controller, input);
      continue;
    }
    const auto value = input.get<std::uint32_t>();
    const auto state = saved(first.controller);
    StateReader reader(state);
    second.controller.restore(reader);
    if (what == 0x74) {  // a whole piece
      for (unsigned i = 0; i < 128; ++i) {
        for (Drives* drives : {&first, &second}) access(drives->controller, value & 1 ? 0xa0 : 0x20, value);
      }
      continue;
    }
    require(access(first.controller, what, value) == access(second.controller, what, value) || !(what & 0x80));
  }
  return 0;
}

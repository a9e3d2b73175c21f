// Any bytes as the states of a PC's devices on its buses, followed by any accesses to their registers.
#include <unistd.h>

#include <array>
#include <string>

#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/bus.h"
#include "vmm/devices/cmos.h"
#include "vmm/devices/device_states.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/devices/pci_configuration.h"
#include "vmm/devices/power_management.h"
#include "vmm/devices/reset_port.h"
#include "vmm/devices/serial_16550.h"
#include "vmm/devices/virtio/block.h"
#include "vmm/devices/virtio/entropy.h"
#include "vmm/devices/virtio/mmio.h"

using namespace gdbvm;

namespace {

struct NoSink final : SerialSink {
  void write(std::span<const std::uint8_t>) override {}
};
struct NoTimer final : Timer {
  void set(std::optional<std::chrono::nanoseconds>) override {}
};

// Of nine sectors, and never written.
std::unique_ptr<virtio::Device> disk() {
  std::string path = "/tmp/device_state_fuzz_XXXXXX";
  const int fd = ::mkstemp(path.data());
  require(fd >= 0 && ::ftruncate(fd, 9 * DiskImage::sector_size) == 0);
  ::close(fd);
  auto block = std::make_unique<virtio::Block>(path, DiskMode::Snapshot);
  ::unlink(path.c_str());
  return block;
}

class Board {
 public:
  Board() {
    bus_.attach(Serial16550::com1_port, Serial16550::port_count, serial_);
    bus_.attach(Cmos::index_port, Cmos::port_count, cmos_);
    bus_.attach(SystemControlA::port, 1, system_control_);
    bus_.attach(PciConfiguration::address_port, PciConfiguration::port_count, pci_);
    bus_.attach(PciConfiguration::data_port, PciConfiguration::port_count, pci_, PciConfiguration::data_offset);
    bus_.attach(PowerManagement::port, PowerManagement::port_count, power_management_);
    memory_bus_.attach({0}, 0x200, disk_);
    memory_bus_.attach({0x200}, 0x200, entropy_);
    states_.add("serial", serial_);
    states_.add("cmos", cmos_);
    states_.add("disk", disk_);
  }

  void start_over() {
    bus_.reset();
    memory_bus_.reset();
    block_->disk()->set_contents(empty_);
    std::memset(memory_.at({0}, memory_size), 0, memory_size);
  }

  void restore_one(Input& input) {
    switch (input.get<std::uint8_t>() % 10) {
      case 0:
        return restore(serial_, input);
      case 1:
        return restore(cmos_, input);
      case 2:
        return restore(system_control_, input);
      case 3:
        return restore(reset_control_, input);
      case 4:
        return restore(pci_, input);
      case 5:
        return restore(power_management_, input);
      case 6:
        return restore(disk_, input);
      case 7:
        return restore(entropy_, input);
      case 8:
        return restore(*block_->disk(), input);
      default:
        return restore(states_, input);
    }
  }

  void access_ports(Input& input) {
    constexpr std::array<std::uint16_t, 6> ports{Serial16550::com1_port,      Cmos::index_port,
                                                 SystemControlA::port,        PciConfiguration::address_port,
                                                 PciConfiguration::data_port, PowerManagement::port};
    const auto where = input.get<std::uint8_t>();
    const auto port = static_cast<std::uint16_t>(ports[where % ports.size()] + where / ports.size() % 12);
    auto bytes = input.get<std::array<std::uint8_t, 4>>();
    const std::size_t size = std::size_t{1} << bytes[3] % 3;
    bus_.write(port, std::span(bytes).first(size));
    bus_.read(port, std::span(bytes).first(size));
    cmos_.timer_expired();
  }

  void access_memory(Input& input) {
    const Gpa address{input.get<std::uint16_t>() % 0x400u & ~3u};
    auto bytes = input.get<std::array<std::uint8_t, 4>>();
    memory_bus_.write(address, bytes);
    memory_bus_.read(address, bytes);
    (void)memory_bus_.catch_up();
  }

  void fill_memory(Input& input) {
    const auto offset = input.get<std::uint16_t>();
    const auto bytes = input.take(input.get<std::uint8_t>());
    if (offset + bytes.size() <= memory_size) std::ranges::copy(bytes, raw() + offset);
  }

 private:
  static constexpr std::uint64_t memory_size = 16 * page_size;
  std::uint8_t* raw() { return reinterpret_cast<std::uint8_t*>(memory_.at({0}, memory_size)); }

  GuestMemory memory_{memory_size};
  NoSink sink_;
  NoTimer timer_;
  Serial16550 serial_{sink_, [](bool) {}};
  Cmos cmos_{memory_size, [](bool) {}, timer_};
  SystemControlA system_control_{[] {}};
  ResetControl reset_control_{[] {}};
  PciConfiguration pci_{reset_control_};
  PowerManagement power_management_{[] {}};
  std::unique_ptr<virtio::Device> owned_ = disk();
  virtio::Device* block_ = owned_.get();
  const DiskContents empty_ = block_->disk()->contents();
  virtio::Mmio disk_{std::move(owned_), memory_, [](bool) {}};
  virtio::Mmio entropy_{std::make_unique<virtio::Entropy>(), memory_, [](bool) {}};
  Bus bus_;
  MemoryBus memory_bus_;
  DeviceStates states_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static Board board;
  board.start_over();
  Input input({bytes, size});
  while (!input.empty()) {
    switch (input.get<std::uint8_t>() % 4) {
      case 0:
        board.restore_one(input);
        break;
      case 1:
        board.access_ports(input);
        break;
      case 2:
        board.access_memory(input);
        break;
      default:
        board.fill_memory(input);
    }
  }
  return 0;
}

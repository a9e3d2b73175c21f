// What a machine tells its firmware: QEMU's fw_cfg (docs/specs/fw_cfg.rst there), with its DMA interface.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"

namespace gdbvm {

class GuestMemory;

// Items by number, each read byte after byte, or copied to memory by the CPU that asks for it; beyond an item's end,
// and where there is no item, are zeros. Nothing can be written. Attach the selector and the data at offset 0, the DMA
// address at offset 4.
class FwCfg final : public PortDevice {
 public:
  static constexpr std::uint16_t port = 0x510, port_count = 2;
  static constexpr std::uint16_t dma_port = 0x514, dma_port_count = 8, dma_offset = 4;

  struct File {
    std::string name;  // at most 55 characters
    std::vector<std::uint8_t> bytes;
    bool operator==(const File&) const = default;
  };

  // The files are listed in the item that is their directory, in this order.
  FwCfg(GuestMemory& memory, std::uint16_t cpus, const std::vector<File>& files);

  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  // Where the guest is in which item. The items are what the machine is made of.
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  using Bytes = std::vector<std::uint8_t>;
  std::span<const std::uint8_t> rest_of_item() const;
  void select(std::uint16_t item);
  std::uint8_t next();
  void skip(std::uint32_t count);
  bool copy(std::uint64_t to, std::uint32_t count);
  void run_dma(std::uint64_t request);

  GuestMemory& memory_;
  std::map<std::uint16_t, Bytes> items_;
  mutable std::mutex mutex_;
  std::uint16_t item_ = 0;
  std::uint32_t at_ = 0;  // in the item; stays at the last number when it gets there
  std::uint32_t dma_high_ = 0;
};

}  // namespace gdbvm

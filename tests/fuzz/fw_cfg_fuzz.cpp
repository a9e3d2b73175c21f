// Any accesses to fw_cfg, with any DMA requests in memory, and any state. A request leaves no more than its own item
// and zeros in memory.
#include <cstring>

#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/fw_cfg.h"
#include "vmm/memory/guest_memory.h"

using namespace gdbvm;

namespace {
constexpr std::uint64_t memory_size = 4 * page_size;
constexpr std::uint8_t content = 0xa5;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static GuestMemory memory(memory_size);
  FwCfg device(memory, 1, {{"file", std::vector<std::uint8_t>(100, content)}});
  Input input({bytes, size});
  const auto set = [&](std::uint16_t offset, std::uint32_t value) {
    device.write(offset, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  };
  while (!input.empty()) {
    std::memset(memory.at({0}, memory_size), 0, memory_size);
    const auto request = input.take(16);
    const auto at = input.get<std::uint16_t>();
    memory.write({at % memory_size}, request);
    if (at & 0x8000) restore(device, input);
    const auto item = input.get<std::uint16_t>();
    device.write(0, {reinterpret_cast<const std::uint8_t*>(&item), sizeof item});
    set(FwCfg::dma_offset, at & 0x4000 ? input.get<std::uint32_t>() : 0);
    set(FwCfg::dma_offset + 4, __builtin_bswap32(at % memory_size));
    std::array<std::uint8_t, 4> out{};
    const auto width = std::size_t{1} << at % 3;
    device.read(at % 2 ? FwCfg::dma_offset + 4 : 1, std::span(out).first(at % 2 ? width : 1));
  }
  return 0;
}

// How firmware finds what the machine tells it, by both ways.
#include "vmm/devices/fw_cfg.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/devices/saved_state.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {
namespace {

constexpr std::uint64_t memory_size = 16 * page_size;
constexpr std::uint64_t request_at = 0x2000, text_at = 0x3000;

class FwCfgTest : public testing::Test {
 protected:
  FwCfgTest() {
    bus_.attach(FwCfg::port, FwCfg::port_count, device_);
    bus_.attach(FwCfg::dma_port, FwCfg::dma_port_count, device_, FwCfg::dma_offset);
  }
  template <class T>
  void out(std::uint16_t port, T value) {
    bus_.write(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  std::string bytes(std::size_t count) {
    std::string text(count, '\0');
    bus_.read_string(0x511, 1, {reinterpret_cast<std::uint8_t*>(text.data()), count});
    return text;
  }
  std::string item(std::uint16_t number, std::size_t count) {
    out(0x510, number);
    return bytes(count);
  }
  // A request as it lies in memory, big-endian; the result is its control word afterwards.
  std::uint32_t dma(std::uint32_t control, std::uint32_t length, std::uint64_t address,
                    std::uint64_t request = request_at) {
    const std::uint32_t words[] = {__builtin_bswap32(control), __builtin_bswap32(length),
                                   __builtin_bswap32(static_cast<std::uint32_t>(address >> 32)),
                                   __builtin_bswap32(static_cast<std::uint32_t>(address))};
    memory_.write({request_at}, {reinterpret_cast<const std::uint8_t*>(words), sizeof words});
    out(0x514, __builtin_bswap32(static_cast<std::uint32_t>(request >> 32)));
    out(0x518, __builtin_bswap32(static_cast<std::uint32_t>(request)));
    std::uint32_t result = 0;
    std::memcpy(&result, memory_.at({request_at}, sizeof result), sizeof result);
    return __builtin_bswap32(result);
  }
  std::string text(std::size_t size) { return {reinterpret_cast<const char*>(memory_.at({text_at}, size)), size}; }

  GuestMemory memory_{memory_size};
  Bus bus_;
  FwCfg device_{memory_, 3, {{"etc/one", {'o', 'n', 'e'}}, {std::string(60, 'n'), {}}}};
};

TEST_F(FwCfgTest, IsFoundByItsSignatures) {
  EXPECT_EQ(item(0, 6), std::string("QEMU\0\0", 6));
  EXPECT_EQ(item(1, 4), std::string("\3\0\0\0", 4));
  std::array<std::uint8_t, 4> half{};
  bus_.read(0x514, half);
  EXPECT_EQ(std::memcmp(half.data(), "QEMU", 4), 0);
  bus_.read(0x518, half);
  EXPECT_EQ(std::memcmp(half.data(), " CFG", 4), 0);
}

TEST_F(FwCfgTest, CountsCpusAndMemory) {
  EXPECT_EQ(item(5, 2), std::string("\3\0", 2));
  EXPECT_EQ(item(0xf, 2), std::string("\3\0", 2));
  EXPECT_EQ(item(3, 8), std::string("\0\0\1\0\0\0\0\0", 8));
}

TEST_F(FwCfgTest, ListsItsFiles) {
  const std::string list = item(0x19, 4 + 2 * 64);
  EXPECT_EQ(list.substr(0, 12), std::string("\0\0\0\2\0\0\0\3\0\x20\0\0", 12));
  EXPECT_STREQ(&list[12], "etc/one");
  EXPECT_EQ(list.substr(68, 8), std::string("\0\0\0\0\0\x21\0\0", 8));
  EXPECT_STREQ(&list[76], std::string(55, 'n').c_str());
  EXPECT_EQ(item(0x20, 5), std::string("one\0\0", 5));
}

TEST_F(FwCfgTest, ReadsOnFromWhereItWas) {
  EXPECT_EQ(item(0x20, 1), "o");
  EXPECT_EQ(bytes(2), "ne");
  EXPECT_EQ(item(0x20, 1), "o");
  out(0x510, std::uint8_t{0});  // half a selector is none
  EXPECT_EQ(bytes(1), "n");
  EXPECT_EQ(item(0x4321, 1), std::string(1, '\0'));
}

TEST_F(FwCfgTest, CopiesToMemory) {
  memory_.write({text_at}, std::vector<std::uint8_t>(8, 'x'));
  EXPECT_EQ(dma(0x20u << 16 | 8 | 2, 5, text_at), 0u);
  EXPECT_EQ(text(8), std::string("one\0\0xxx", 8));
}

TEST_F(FwCfgTest, SkipsAndGoesOn) {
  EXPECT_EQ(dma(0x20u << 16 | 8 | 4, 1, 0), 0u);
  EXPECT_EQ(dma(2, 2, text_at), 0u);
  EXPECT_EQ(text(2), "ne");
  EXPECT_EQ(dma(0x20u << 16 | 8 | 4, 0xffffffff, 0), 0u);
  EXPECT_EQ(dma(4, 4, 0), 0u);  // does not come round
  EXPECT_EQ(bytes(1), std::string(1, '\0'));
}

TEST_F(FwCfgTest, RefusesToBeWrittenAndToCopyWhereNoRamIs) {
  EXPECT_EQ(dma(0x20u << 16 | 8 | 16, 3, text_at), 1u);
  EXPECT_EQ(item(0x20, 3), "one");
  EXPECT_EQ(dma(0x20u << 16 | 8 | 2, 3, memory_size - 1), 1u);
  EXPECT_EQ(dma(0x20u << 16 | 8 | 2, 3, ~std::uint64_t{0}), 1u);
  EXPECT_EQ(dma(2, 0xffffffff, text_at), 1u) << "zeros up to the end";
}

TEST_F(FwCfgTest, ARequestIsInMemory) {
  dma(0x20u << 16 | 8, 0, 0);
  EXPECT_EQ(dma(0x19u << 16 | 8, 0, 0, memory_size - 4), 0x19u << 16 | 8) << "not looked at";
  EXPECT_EQ(dma(0x19u << 16 | 8, 0, 0, request_at | std::uint64_t{1} << 32), 0x19u << 16 | 8);
  EXPECT_EQ(bytes(1), "o");
}

TEST_F(FwCfgTest, ItsStateIsRestored) {
  item(0x20, 1);
  out(0x514, std::uint32_t{1});
  const StateBytes state = saved(device_);
  bus_.reset();
  EXPECT_EQ(bytes(1), "Q");
  expect_truncated_is_refused(device_, state);
  restore(device_, state);
  EXPECT_EQ(saved(device_), state);
  EXPECT_EQ(bytes(1), "n");
}

}  // namespace
}  // namespace gdbvm

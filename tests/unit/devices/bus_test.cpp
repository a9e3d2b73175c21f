// The port bus: lookup, splitting, strings, and unclaimed ports.
#include "vmm/devices/bus.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>

#include <fmt/format.h>

namespace gdbvm {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Reads as its offset plus `base`, and logs what is written.
class Recorder final : public PortDevice {
 public:
  explicit Recorder(unsigned width = 1, std::uint8_t base = 0) : width_(width), base_(base) {}
  unsigned width() const override { return width_; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(base_ + offset + i);
  }
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override {
    writes.emplace_back(offset, Bytes(bytes.begin(), bytes.end()));
  }
  void reset() override { ++resets; }

  std::vector<std::pair<std::uint16_t, Bytes>> writes;
  int resets = 0;

 private:
  unsigned width_;
  std::uint8_t base_;
};
using Writes = decltype(Recorder::writes);

Bytes read(Bus& bus, std::uint16_t port, std::size_t size) {
  Bytes out(size, 0x55);
  bus.read(port, out);
  return out;
}

TEST(Bus, FindsTheDeviceByPort) {
  Bus bus;
  Recorder low, high(1, 0x40);
  bus.attach(0x100, 4, low);
  bus.attach(0x104, 4, high);
  EXPECT_EQ(read(bus, 0x100, 1), Bytes{0});
  EXPECT_EQ(read(bus, 0x103, 1), Bytes{3});
  EXPECT_EQ(read(bus, 0x104, 1), Bytes{0x40});
  EXPECT_EQ(read(bus, 0x107, 1), Bytes{0x43});
}

TEST(Bus, FindsDevicesWhereTheGuestPutsThem) {
  Bus bus;
  Recorder fixed, moving(2, 0x40);
  std::atomic<std::uint16_t> first = 0;
  bus.attach(0x100, 4, fixed);
  bus.attach_movable(first, 4, moving, 8);
  EXPECT_EQ(read(bus, 0, 1), Bytes{0xff});
  first = 0x102;
  EXPECT_EQ(read(bus, 0x103, 1), Bytes{3});
  EXPECT_EQ(read(bus, 0x104, 2), (Bytes{0x4a, 0x4b}));
  EXPECT_EQ(read(bus, 0x106, 1), Bytes{0xff});
  first = 0x200;
  EXPECT_EQ(read(bus, 0x104, 1), Bytes{0xff});
  EXPECT_EQ(read(bus, 0x203, 1), Bytes{0x4b});
  bus.reset();
  EXPECT_EQ(moving.resets, 1);
}

TEST(Bus, UnclaimedPortsReadAllOnesAndAreCounted) {
  Bus bus;
  Recorder device;
  bus.attach(0x100, 4, device);
  EXPECT_EQ(read(bus, 0xff, 1), Bytes{0xff});
  EXPECT_EQ(read(bus, 0x104, 4), Bytes(4, 0xff));
  bus.write(0x104, Bytes{1});
  EXPECT_EQ(bus.unclaimed(), (std::map<std::uint16_t, std::uint64_t>{{0xff, 1}, {0x104, 2}}));
  EXPECT_TRUE(device.writes.empty());
}

TEST(Bus, WideAccessesAreSplitOverByteWideNeighbours) {
  Bus bus;
  Recorder a, b(1, 0x40);
  bus.attach(0x100, 2, a);
  bus.attach(0x102, 1, b);
  EXPECT_EQ(read(bus, 0x100, 4), (Bytes{0, 1, 0x40, 0xff}));
  bus.write(0x101, Bytes{7, 8, 9, 10});
  EXPECT_EQ(a.writes, (Writes{{1, {7}}}));
  EXPECT_EQ(b.writes, (Writes{{0, {8}}}));
  EXPECT_TRUE(bus.unclaimed().empty());
}

TEST(Bus, WideDevicesTakeWideAccessesWhole) {
  Bus bus;
  Recorder device(4);
  bus.attach(0x100, 4, device);
  bus.write(0x100, Bytes{1, 2, 3, 4});
  bus.write(0x102, Bytes{1, 2, 3, 4});  // crosses the end
  EXPECT_EQ(device.writes, (Writes{{0, {1, 2, 3, 4}}, {2, {1}}, {3, {2}}}));
}

TEST(Bus, TheLastPortsDoNotWrapAround) {
  Bus bus;
  Recorder first, last;
  bus.attach(0, 1, first);
  bus.attach(0xffff, 1, last);
  EXPECT_EQ(read(bus, 0xffff, 4), (Bytes{0, 0xff, 0xff, 0xff}));
  bus.write(0xffff, Bytes{1, 2});
  EXPECT_TRUE(first.writes.empty());
}

TEST(Bus, ADeviceAtTwoRangesIsToldApart) {
  Bus bus;
  Recorder device;
  bus.attach(0x60, 1, device);
  bus.attach(0x64, 1, device, 4);
  bus.write(0x60, Bytes{1});
  bus.write(0x64, Bytes{2});
  EXPECT_EQ(device.writes, (Writes{{0, {1}}, {4, {2}}}));
}

TEST(Bus, StringsAreRepeatedAccessesToOnePort) {
  Bus bus;
  Recorder device(2);
  bus.attach(0x100, 4, device);
  bus.write_string(0x102, 2, Bytes{1, 2, 3, 4});
  EXPECT_EQ(device.writes, (Writes{{2, {1, 2}}, {2, {3, 4}}}));
  Bytes in(6);
  bus.read_string(0x101, 2, in);
  EXPECT_EQ(in, (Bytes{1, 2, 1, 2, 1, 2}));
}

TEST(Bus, AStringToAByteWideDeviceIsSplitAccessByAccess) {
  Bus bus;
  Recorder device;
  bus.attach(0x100, 2, device);
  bus.write_string(0x100, 2, Bytes{1, 2, 3, 4});
  EXPECT_EQ(device.writes, (Writes{{0, {1}}, {1, {2}}, {0, {3}}, {1, {4}}}));
}

TEST(Bus, EmptyAccessesDoNothing) {
  Bus bus;
  bus.read_string(0x100, 0, {});
  bus.write_string(0x100, 1, {});
  EXPECT_TRUE(bus.unclaimed().empty());
}

TEST(Bus, TracesEveryAccess) {
  Bus bus;
  Recorder device;
  bus.attach(0x100, 1, device, 5);
  std::vector<std::string> seen;
  bus.set_trace([&](const PortAccess& a) {
    seen.push_back(fmt::format("{} {:x} {}/{} {}", a.direction == PortAccess::Direction::In ? "in" : "out", a.port,
                               a.bytes.size(), a.size, a.bytes[0]) +
                   (a.claimed ? "" : " unclaimed"));
  });
  read(bus, 0x100, 1);
  bus.write_string(0x200, 1, Bytes{1, 2, 3});
  EXPECT_EQ(seen, (std::vector<std::string>{"in 100 1/1 5", "out 200 3/1 1 unclaimed"}));
  EXPECT_EQ(bus.unclaimed().at(0x200), 3u);
}

TEST(Bus, ResetReachesTheDevices) {
  Bus bus;
  Recorder device;
  bus.attach(0x100, 1, device);
  bus.reset();
  EXPECT_EQ(device.resets, 1);
}

TEST(BusDeathTest, OverlapIsABrokenInvariant) {
  Bus bus;
  Recorder device;
  bus.attach(0x100, 4, device);
  EXPECT_DEATH(bus.attach(0x103, 1, device), "overlap");
  EXPECT_DEATH(bus.attach(0xfd, 4, device), "overlap");
  EXPECT_DEATH(bus.attach(0xffff, 2, device), "port space");
}

}  // namespace
}  // namespace gdbvm

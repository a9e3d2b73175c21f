// The transport: what a driver does to start a device, and what it must not do.
#include "vmm/devices/virtio/mmio.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/devices/saved_state.h"
#include "tests/unit/devices/virtio/driver.h"

namespace gdbvm::virtio {
namespace {

// Fills all it may write with 'x'.
class Filler final : public Device {
 public:
  std::uint32_t id() const override { return 42; }
  std::uint64_t features() const override { return 1u << 5; }
  std::span<const std::uint8_t> configuration() const override { return space; }
  std::uint32_t serve(Request& request) override {
    std::uint32_t written = 0;
    for (const auto piece : request.writable) {
      std::ranges::fill(piece, std::uint8_t{'x'});
      written += static_cast<std::uint32_t>(piece.size());
    }
    return written;
  }
  std::array<std::uint8_t, 6> space{1, 2, 3, 4, 5, 6};
};

constexpr std::uint32_t acknowledged = 1, has_driver = 2, driver_ok = 4, features_ok = 8, needs_reset = 64;

class VirtioMmio : public testing::Test {
 protected:
  std::uint32_t read(std::uint64_t offset) {
    std::uint32_t value = 0xdeadbeef;
    mmio.read(offset, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  void write(std::uint64_t offset, std::uint32_t value) {
    mmio.write(offset, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  void accept(std::uint64_t features) {
    for (const std::uint32_t half : {0u, 1u}) {
      write(0x24, half);
      write(0x20, static_cast<std::uint32_t>(features >> 32 * half));
    }
    write(0x70, acknowledged | has_driver | features_ok);
  }
  void start_queue(const QueuePlace& place = Driver::place) {
    write(0x38, place.size);
    write(0x80, static_cast<std::uint32_t>(place.descriptors.value));
    write(0x90, static_cast<std::uint32_t>(place.available.value));
    write(0xa0, static_cast<std::uint32_t>(place.used.value));
    write(0xa4, static_cast<std::uint32_t>(place.used.value >> 32));
    write(0x44, 1);
  }
  void start() {
    accept(std::uint64_t{1} << 32);
    start_queue();
    write(0x70, acknowledged | has_driver | features_ok | driver_ok);
  }
  void offer_a_byte() { driver.offer({{0x8000, 1, device_writes, 0}}); }

  Driver driver;
  std::vector<bool> line;
  // Between two requests, the thread is wanted elsewhere after so many of them.
  int requests_until_interrupted = 1000;
  Mmio mmio{std::make_unique<Filler>(), driver.memory, [this](bool level) { line.push_back(level); },
            [this] { return --requests_until_interrupted <= 0; }};
};

TEST_F(VirtioMmio, SaysWhatItIs) {
  EXPECT_EQ(read(0x000), 0x74726976u);
  EXPECT_EQ(read(0x004), 2u);
  EXPECT_EQ(read(0x008), 42u);
  EXPECT_EQ(read(0x034), 256u);
  EXPECT_EQ(read(0x0b0), ~0u);
  for (const auto& [half, features] : {std::pair{0u, 1u << 5}, {1u, 1u}, {2u, 0u}}) {
    write(0x014, half);
    EXPECT_EQ(read(0x010), features);
  }
  write(0x030, 1);
  EXPECT_EQ(read(0x034), 0u) << "there is one queue";
}

TEST_F(VirtioMmio, TheConfigurationIsReadInAnyWidth) {
  EXPECT_EQ(read(0x100), 0x04030201u);
  EXPECT_EQ(read(0x104), 0x00000605u) << "zeros after its end";
  EXPECT_EQ(read(0x1fc), 0u);
  std::array<std::uint8_t, 2> two{};
  mmio.read(0x101, two);
  EXPECT_EQ(two, (std::array<std::uint8_t, 2>{2, 3}));
  std::array<std::uint8_t, 1> one{0x55};
  mmio.read(0x000, one);
  EXPECT_EQ(one[0], 0) << "registers have one width";
}

TEST_F(VirtioMmio, RefusesFeaturesThatItDoesNotHave) {
  for (const auto& [features, accepted] : {std::pair{std::uint64_t{1} << 32 | 1u << 5, true},
                                           {std::uint64_t{1} << 32, true},
                                           {std::uint64_t{1} << 5, false},
                                           {std::uint64_t{1} << 32 | 1, false}}) {
    accept(features);
    EXPECT_EQ((read(0x70) & features_ok) != 0, accepted) << features;
    start_queue();
    write(0x70, acknowledged | has_driver | driver_ok | (read(0x70) & features_ok));
    offer_a_byte();
    write(0x50, 0);
    EXPECT_EQ(driver.used_index() != 0, accepted) << features;
    write(0x70, 0);
    driver.memory.clear();
  }
}

TEST_F(VirtioMmio, ServesAndInterrupts) {
  start();
  EXPECT_EQ(read(0x44), 1u);
  offer_a_byte();
  EXPECT_EQ(driver.used_index(), 0) << "not before it is told";
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 1);
  EXPECT_EQ(driver.text(0x8000, 2), std::string("x\0", 2));
  EXPECT_EQ(read(0x60), 1u);
  EXPECT_EQ(line, std::vector({true}));
  write(0x64, 1);
  EXPECT_EQ(line, std::vector({true, false}));
  EXPECT_EQ(read(0x60), 0u);
}

TEST_F(VirtioMmio, TheLineIsUpUntilAllIsAcknowledged) {
  start();
  offer_a_byte();
  offer_a_byte();
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 2) << "one notification may be for several";
  offer_a_byte();
  write(0x50, 0);
  EXPECT_EQ(line, std::vector({true}));
  driver.offer({{Driver::memory_size, 1, device_writes, 0}});
  write(0x50, 0);
  EXPECT_EQ(read(0x60), 3u);
  write(0x64, 1);
  EXPECT_EQ(line, std::vector({true}));
  write(0x64, 2);
  EXPECT_EQ(line, std::vector({true, false}));
}

TEST_F(VirtioMmio, WhereTheThreadIsWantedElsewhereTheOthersWait) {
  start();
  for (int i = 0; i < 4; ++i) offer_a_byte();
  requests_until_interrupted = 2;
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 2);
  EXPECT_EQ(line, std::vector({true}));
  EXPECT_FALSE(mmio.catch_up()) << "one more each time, at least";
  EXPECT_EQ(driver.used_index(), 3);
  requests_until_interrupted = 1000;
  EXPECT_TRUE(mmio.catch_up());
  EXPECT_EQ(driver.used_index(), 4);
  offer_a_byte();
  EXPECT_TRUE(mmio.catch_up());
  EXPECT_EQ(driver.used_index(), 4) << "this one has not been told of";
}

TEST_F(VirtioMmio, AResetEndsTheWaiting) {
  start();
  for (int i = 0; i < 4; ++i) offer_a_byte();
  requests_until_interrupted = 1;
  write(0x50, 0);
  mmio.reset();
  EXPECT_TRUE(mmio.catch_up());
  EXPECT_EQ(driver.used_index(), 1);
}

TEST_F(VirtioMmio, ADriverThatPollsIsNotInterrupted) {
  start();
  driver.set_available_flags(1);
  offer_a_byte();
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 1);
  EXPECT_TRUE(line.empty());
}

TEST_F(VirtioMmio, DoesNothingBeforeTheDriverIsReadyOrForAQueueThatIsNot) {
  accept(std::uint64_t{1} << 32);
  start_queue();
  offer_a_byte();
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 0);
  write(0x70, acknowledged | has_driver | features_ok | driver_ok);
  write(0x50, 1);
  EXPECT_EQ(driver.used_index(), 0) << "another queue";
  write(0x44, 0);
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 0) << "the queue was stopped";
}

TEST_F(VirtioMmio, AQueueThatCannotBeIsNotReady) {
  for (const QueuePlace& place :
       {QueuePlace{8, {0x1001}, {0x2000}, {0x3000}}, QueuePlace{8, {0x1000}, {0x2000}, {std::uint64_t{1} << 32}}}) {
    start_queue(place);
    EXPECT_EQ(read(0x44), 0u);
  }
}

TEST_F(VirtioMmio, AMalformedChainEndsItUntilAReset) {
  start();
  driver.offer({{Driver::memory_size, 1, device_writes, 0}});
  write(0x50, 0);
  EXPECT_EQ(read(0x70) & needs_reset, needs_reset);
  EXPECT_EQ(read(0x60), 2u);
  write(0x70, acknowledged | has_driver | features_ok | driver_ok);
  EXPECT_EQ(read(0x70) & needs_reset, needs_reset);
  offer_a_byte();
  write(0x50, 0);
  EXPECT_EQ(driver.used_index(), 0);
  write(0x70, 0);
  EXPECT_EQ(read(0x70), 0u);
  EXPECT_EQ(line, std::vector({true, false}));
}

TEST_F(VirtioMmio, ResetsByTheDriverAndWithTheMachine) {
  for (const bool by_driver : {true, false}) {
    start();
    offer_a_byte();
    write(0x50, 0);
    if (by_driver) {
      write(0x70, 0);
    } else {
      mmio.reset();
    }
    EXPECT_EQ(read(0x70), 0u);
    EXPECT_EQ(read(0x60), 0u);
    EXPECT_EQ(read(0x44), 0u);
    EXPECT_FALSE(line.back());
    driver.memory.clear();
  }
}

TEST_F(VirtioMmio, ItsStateIsRestored) {
  start();
  write(0x14, 1);
  for (int i = 0; i < 3; ++i) offer_a_byte();
  requests_until_interrupted = 1;
  write(0x50, 0);
  ASSERT_EQ(driver.used_index(), 1);
  const StateBytes state = saved(mmio);
  mmio.reset();
  line.clear();
  expect_truncated_is_refused(mmio, state);
  restore(mmio, state);
  EXPECT_EQ(saved(mmio), state);
  EXPECT_TRUE(line.empty()) << "nobody is told of its level";
  EXPECT_EQ(read(0x10), 1u);
  EXPECT_EQ(read(0x44), 1u);
  EXPECT_EQ(read(0x60), 1u);
  EXPECT_EQ(read(0x70), acknowledged | has_driver | features_ok | driver_ok);
  requests_until_interrupted = 1000;
  EXPECT_TRUE(mmio.catch_up()) << "what was postponed";
  EXPECT_EQ(driver.used_index(), 3);
  write(0x64, 1);
  EXPECT_EQ(line, std::vector({false}));
}

TEST_F(VirtioMmio, AQueueThatIsBeingSetUpIsRestored) {
  accept(std::uint64_t{1} << 32);
  start_queue();
  write(0x44, 0);
  const StateBytes state = saved(mmio);
  write(0x70, 0);
  restore(mmio, state);
  EXPECT_EQ(read(0x44), 0u);
  write(0x44, 1);
  EXPECT_EQ(read(0x44), 1u) << "its place is known";
}

TEST_F(VirtioMmio, TheStateOfAnotherDeviceIsRefused) {
  start();
  const StateBytes state = saved(mmio);
  mmio.reset();
  const StateBytes before = saved(mmio);
  constexpr std::size_t features = 0, id = 8, due = 12, first_of_configuration = 24,
                        queue_size = first_of_configuration + 6 + 80;
  for (const StateBytes& foreign : {with(state, features, 0), with(state, id, 43),
                                    with(state, first_of_configuration, 'x'), with(state, queue_size, 7)}) {
    EXPECT_THROW(restore(mmio, foreign), StateError);
    EXPECT_EQ(saved(mmio), before);
  }
  restore(mmio, with(state, due, ~0u));
  EXPECT_EQ(saved(mmio), with(state, due, Queue::max_size)) << "no more than a queue holds";
}

}  // namespace
}  // namespace gdbvm::virtio

// The split virtqueue: chains that drivers make, and those that a driver must not make.
#include "vmm/devices/virtio/queue.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/virtio/driver.h"
#include "vmm/memory/page_set.h"

namespace gdbvm::virtio {
namespace {

class VirtioQueue : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(queue.start(Driver::place)); }
  Queue::NoChain none() {
    const auto chain = queue.take();
    EXPECT_FALSE(chain);
    return chain ? Queue::NoChain::Empty : chain.error();
  }

  Driver driver;
  Queue queue{driver.memory};
};

TEST_F(VirtioQueue, IsEmptyUntilAChainIsOffered) {
  EXPECT_EQ(none(), Queue::NoChain::Empty);
  driver.put_text(0x8000, "abcd");
  driver.put_text(0x9000, "ef");
  driver.offer({{0x8000, 4, 0, 0}, {0x9000, 2, 0, 0}, {0xa000, 3, device_writes, 0}});
  const auto chain = queue.take();
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->head, 0);
  EXPECT_EQ(chain->request.readable, std::vector<std::uint8_t>({'a', 'b', 'c', 'd', 'e', 'f'}));
  ASSERT_EQ(chain->request.writable.size(), 1u);
  EXPECT_EQ(static_cast<void*>(chain->request.writable[0].data()), driver.memory.at({0xa000}, 3));
  EXPECT_EQ(none(), Queue::NoChain::Empty);
}

TEST_F(VirtioQueue, GivesBackInTheOrderOfPuttingAndGoesRoundTheRing) {
  for (unsigned round = 0; round < 3 * Driver::size; ++round) {
    const auto head = static_cast<std::uint16_t>(round * 3 % Driver::size);
    driver.describe(head, {0x8000, 1, 0, 0});
    driver.offer(head);
    const auto chain = queue.take();
    ASSERT_TRUE(chain) << round;
    EXPECT_EQ(chain->head, head);
    queue.put(chain->head, round);
    EXPECT_EQ(driver.used_index(), round + 1);
    EXPECT_EQ(driver.used_head(round), head);
    EXPECT_EQ(driver.used_length(round), round);
  }
}

TEST_F(VirtioQueue, HearsWhetherTheDriverWantsInterrupts) {
  EXPECT_TRUE(queue.wants_interrupt());
  driver.set_available_flags(1);
  EXPECT_FALSE(queue.wants_interrupt());
}

TEST_F(VirtioQueue, AnEmptyBufferIsNoPiece) {
  driver.offer({{0, 0, 0, 0}, {0x8000, 1, device_writes, 0}});
  const auto chain = queue.take();
  ASSERT_TRUE(chain);
  EXPECT_TRUE(chain->request.readable.empty());
}

TEST_F(VirtioQueue, MalformedChains) {
  struct {
    const char* what;
    std::vector<Descriptor> chain;
  } const cases[] = {
      {"outside RAM", {{Driver::memory_size, 1, 0, 0}}},
      {"across the end of RAM", {{Driver::memory_size - 1, 2, 0, 0}}},
      {"around the address space", {{~std::uint64_t{0}, 2, 0, 0}}},
      {"an index that does not exist", {{0x8000, 1, has_next, Driver::size}}},
      {"a circle", {{0x8000, 1, has_next, 0}}},
      {"readable behind writable", {{0x8000, 1, device_writes | has_next, 1}, {0x8000, 1, 0, 0}}},
      {"writable ROM", {{Driver::rom, 1, device_writes, 0}}},
      {"an indirect table", {{0x8000, 16, indirect, 0}}},
  };
  for (const auto& each : cases) {
    Driver one;
    Queue its(one.memory);
    ASSERT_TRUE(its.start(Driver::place));
    for (std::uint16_t i = 0; i < each.chain.size(); ++i) one.describe(i, each.chain[i]);
    one.offer(std::uint16_t{0});
    const auto chain = its.take();
    ASSERT_FALSE(chain) << each.what;
    EXPECT_EQ(chain.error(), Queue::NoChain::Malformed) << each.what;
  }
  driver.offer(std::uint16_t{Driver::size});
  EXPECT_EQ(none(), Queue::NoChain::Malformed) << "a head that does not exist";
}

TEST_F(VirtioQueue, PlacesThatCannotBe) {
  constexpr Gpa end{Driver::memory_size};
  for (const QueuePlace& place : std::initializer_list<QueuePlace>{
           {0, {0x1000}, {0x2000}, {0x3000}},
           {3, {0x1000}, {0x2000}, {0x3000}},
           {2 * Queue::max_size, {0x1000}, {0x2000}, {0x3000}},
           {8, {0x1008}, {0x2000}, {0x3000}},
           {8, {0x1000}, {0x2001}, {0x3000}},
           {8, {0x1000}, {0x2000}, {0x3002}},
           {8, {end.value - 16}, {0x2000}, {0x3000}},
           {8, {0x1000}, end, {0x3000}},
           {8, {0x1000}, {0x2000}, {0xfffffffffffffffc}},
           {8, {0x1000}, {0x2000}, {Driver::rom}},
       }) {
    EXPECT_FALSE(queue.start(place));
    EXPECT_FALSE(queue.started());
  }
}

TEST_F(VirtioQueue, ReadsRom) {
  driver.offer({{Driver::rom, 4, 0, 0}});
  const auto chain = queue.take();
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->request.readable, std::vector<std::uint8_t>(4));
}

TEST_F(VirtioQueue, ReadsWhatADebuggerHasCovered) {
  driver.put_text(0x8000, "\xcc guest");
  class Planted final : public PlantedBytes {
    void hide(Gpa start, std::span<std::uint8_t> copy) const override {
      if (start == Gpa{0x8000}) copy[0] = 'a';
    }
    void replant(Gpa, std::uint64_t) override {}
  } planted;
  driver.memory.set_planted(&planted);
  driver.offer({{0x8000, 7, 0, 0}});
  const auto chain = queue.take();
  ASSERT_TRUE(chain);
  EXPECT_EQ(std::string(chain->request.readable.begin(), chain->request.readable.end()), "a guest");
}

TEST_F(VirtioQueue, NotesWhatTheDeviceWrites) {
  driver.memory.note_writes(true);
  driver.offer({{0x8000, 4, 0, 0}, {0x9ffe, 4, device_writes, 0}});
  const auto chain = queue.take();
  ASSERT_TRUE(chain);
  queue.put(chain->head, 4);
  std::vector<std::uint64_t> pages;
  driver.memory.written()->each([&](std::uint64_t page) { pages.push_back(page); });
  EXPECT_EQ(pages, (std::vector<std::uint64_t>{3, 9, 10})) << "the used ring and the buffer";
}

TEST_F(VirtioQueue, TooManyBytes) {
  for (const std::uint16_t flags : {std::uint16_t{0}, device_writes}) {
    Driver large(2 * Queue::max_bytes);
    Queue its(large.memory);
    ASSERT_TRUE(its.start(Driver::place));
    large.offer({{0x8000, Queue::max_bytes, flags, 0}});
    EXPECT_TRUE(its.take());
    large.offer({{0x8000, Queue::max_bytes, flags, 0}, {0x8000, 1, flags, 0}});
    EXPECT_FALSE(its.take());
  }
}

TEST_F(VirtioQueue, StartsOverAtTheFirstEntry) {
  driver.offer({{0x8000, 1, 0, 0}});
  ASSERT_TRUE(queue.take());
  ASSERT_TRUE(queue.start(Driver::place));
  EXPECT_TRUE(queue.take());
}

TEST_F(VirtioQueue, AStateGoesOnWhereItWas) {
  driver.describe(0, {0x8000, 1, 0, 0});
  for (int i = 0; i < 3; ++i) driver.offer(std::uint16_t{0});
  queue.put(queue.take()->head, 1);
  const Queue::State state = queue.state();
  queue.put(queue.take()->head, 1);
  queue.stop();
  queue.set_state(state);
  EXPECT_TRUE(queue.started());
  EXPECT_TRUE(queue.take());
  queue.put(0, 7);
  EXPECT_EQ(driver.used_index(), 2);
  EXPECT_EQ(driver.used_length(1), 7u);
  EXPECT_TRUE(queue.take());
  EXPECT_EQ(none(), Queue::NoChain::Empty);
}

TEST_F(VirtioQueue, AStateOfAStoppedQueueStopsIt) {
  queue.stop();
  const Queue::State state = queue.state();
  ASSERT_TRUE(queue.start(Driver::place));
  queue.set_state(state);
  EXPECT_FALSE(queue.started());
}

TEST_F(VirtioQueue, AStateThatCannotBeIsRefused) {
  const Queue::State good = queue.state();
  Queue::State odd = good, beyond = good, too_long = good;
  odd.size = 7;
  beyond.used = Driver::memory_size;
  too_long.size = 2 * Queue::max_size;
  for (const Queue::State& state : {odd, beyond, too_long}) {
    EXPECT_THROW(queue.set_state(state), StateError);
    EXPECT_EQ(queue.state().size, Driver::size);
    EXPECT_TRUE(queue.started());
  }
}

}  // namespace
}  // namespace gdbvm::virtio

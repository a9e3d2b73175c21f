#include "gdbstub/trace/buffer.h"

#include <gtest/gtest.h>

#include <numeric>

namespace gdbstub {
namespace {

std::shared_ptr<const TraceRegisters> two_registers() {
  return std::make_shared<TraceRegisters>(TraceRegisters{{8, 4}, {0, 8}, 12, RegisterNumber{0}});
}

// Of size 6 + 11 + `length`.
TraceBuffer::Frame frame(std::uint32_t number, std::size_t length) {
  auto frame = std::make_shared<TraceFrame>(number, Address{0x1000}, two_registers());
  const MutableBytes memory = frame->add_memory({0x2000}, length);
  std::iota(memory.begin(), memory.end(), std::uint8_t{1});
  frame->finish();
  return frame;
}

TEST(TraceBuffer, FullIfNotCircular) {
  TraceBuffer buffer;
  buffer.set_limit(40);
  EXPECT_TRUE(buffer.add(frame(1, 3)));
  EXPECT_TRUE(buffer.add(frame(2, 3)));
  EXPECT_EQ(buffer.used(), 40u);
  EXPECT_FALSE(buffer.add(frame(3, 1)));
  EXPECT_EQ(buffer.count(), 2u);
  EXPECT_EQ(buffer.created(), 2u);
}

TEST(TraceBuffer, ACircularOneDropsTheOldest) {
  TraceBuffer buffer;
  buffer.set_limit(40);
  buffer.set_circular(true);
  for (std::uint32_t i = 1; i <= 5; ++i) EXPECT_TRUE(buffer.add(frame(i, 3)));
  EXPECT_EQ(buffer.count(), 2u);
  EXPECT_EQ(buffer.created(), 5u);
  EXPECT_EQ(buffer.first_serial(), 3u);
  EXPECT_EQ(buffer.at(0)->tracepoint(), 4u);
  EXPECT_FALSE(buffer.add(frame(6, 100))) << "longer than all of it";
  EXPECT_EQ(buffer.count(), 2u);
}

TEST(TraceBuffer, ASmallerLimitDropsTheOldest) {
  TraceBuffer buffer;
  for (std::uint32_t i = 1; i <= 3; ++i) EXPECT_TRUE(buffer.add(frame(i, 3)));
  buffer.set_limit(20);
  EXPECT_EQ(buffer.count(), 1u);
  EXPECT_EQ(buffer.at(0)->tracepoint(), 3u);
}

TEST(TraceBuffer, IsCopiedAsItStandsInAFile) {
  TraceBuffer buffer;
  buffer.set_limit(40);
  buffer.set_circular(true);
  for (std::uint32_t i = 1; i <= 3; ++i) EXPECT_TRUE(buffer.add(frame(0x100 + i, 3)));
  std::vector<std::uint8_t> whole;
  for (std::size_t i = 0; i < 2; ++i) {
    const Bytes bytes = buffer.at(i)->bytes();
    whole.insert(whole.end(), bytes.begin(), bytes.end());
  }
  EXPECT_EQ((std::vector<std::uint8_t>(whole.begin(), whole.begin() + 7)),
            (std::vector<std::uint8_t>{2, 1, 14, 0, 0, 0, 'M'}));
  for (std::size_t offset = 0; offset <= whole.size() + 1; ++offset) {
    std::vector<std::uint8_t> out(25);
    const std::size_t count = buffer.copy(offset, out);
    const std::size_t left = whole.size() - std::min(offset, whole.size());
    ASSERT_EQ(count, std::min<std::size_t>(25, left)) << offset;
    EXPECT_TRUE(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count),
                           whole.begin() + static_cast<std::ptrdiff_t>(whole.size() - left)));
  }
}

TEST(TraceFrame, HasWhatWasCollectedAndNoMore) {
  TraceFrame frame(7, {0x1234}, two_registers());
  EXPECT_EQ(frame.pc(), Address{0x1234});
  frame.add_register({1})[0] = 0x55;
  frame.add_variable(3, 42);
  std::ranges::fill(frame.add_memory({0x2000}, 4), 0xaa);
  std::ranges::fill(frame.add_memory({0x2004}, 4), 0xbb);
  frame.cut_memory(2);
  frame.add_memory({0x3000}, 8);
  frame.cut_memory(0);
  EXPECT_EQ(frame.finish().size(), 6u + 13 + 13 + 15 + 13);
  EXPECT_EQ(frame.pc(), Address{0x1234}) << "of no register";
  EXPECT_FALSE(frame.register_value({0}));
  EXPECT_EQ(frame.register_value({1}).value()[0], 0x55);
  EXPECT_EQ(frame.variable(3), 42u);
  EXPECT_FALSE(frame.variable(4));
  std::vector<std::uint8_t> out(8);
  EXPECT_EQ(frame.read_memory({0x2001}, out), 5u) << "two blocks side by side";
  EXPECT_EQ(out[2], 0xaa);
  EXPECT_EQ(out[3], 0xbb);
  EXPECT_EQ(frame.read_memory({0x2006}, out), 0u);
  EXPECT_EQ(frame.read_memory({0x1fff}, out), 0u);
  frame.add_register({0})[1] = 0x20;
  EXPECT_EQ(frame.pc(), Address{0x2000});
}

}  // namespace
}  // namespace gdbstub

// The source of entropy.
#include "vmm/devices/virtio/entropy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gdbvm::virtio {
namespace {

TEST(VirtioEntropy, FillsEveryPiece) {
  Entropy entropy;
  std::vector<std::uint8_t> first(1000), second(100);
  Request request{{}, {std::span(first), std::span(second)}};
  EXPECT_EQ(entropy.serve(request), 1100u);
  // 100 random bytes are never all zero.
  for (std::size_t at = 0; at < first.size(); at += 100) {
    EXPECT_NE(std::ranges::count(std::span(first).subspan(at, 100), 0), 100) << at;
  }
  EXPECT_NE(std::ranges::count(second, 0), 100);
}

TEST(VirtioEntropy, GivesNoMoreAtOnceThanIsSoonDone) {
  Entropy entropy;
  std::vector<std::uint8_t> much(1 << 20);
  Request request{{}, {std::span(much)}}, empty;
  EXPECT_EQ(entropy.serve(request), 65536u);
  EXPECT_TRUE(std::ranges::all_of(std::span(much).subspan(65536), [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(entropy.serve(empty), 0u);
}

}  // namespace
}  // namespace gdbvm::virtio

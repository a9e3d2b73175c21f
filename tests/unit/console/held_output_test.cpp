// The serial port's output while something else is shown.
#include "vmm/console/held_output.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/devices/recording_sink.h"

namespace gdbvm {
namespace {

class HeldOutputTest : public testing::Test {
 protected:
  void write(std::string_view text) { output.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); }
  std::string release() {
    std::string kept;
    output.release([&](std::span<const std::uint8_t> bytes) { kept.assign(bytes.begin(), bytes.end()); });
    return kept;
  }
  RecordingSink sink;
  HeldOutput output{sink};
};

TEST_F(HeldOutputTest, PassesOnUntilItHolds) {
  write("a");
  output.hold();
  write("b");
  write("c");
  EXPECT_EQ(sink.writes, std::vector<std::string>{"a"});
  EXPECT_EQ(release(), "bc");
  write("d");
  EXPECT_EQ(sink.writes, (std::vector<std::string>{"a", "d"}));
  EXPECT_EQ(release(), "");
}

TEST_F(HeldOutputTest, KeepsTheNewest) {
  output.hold();
  for (int i = 0; i < 3000; ++i) write(std::string(1000, 'x') + "\n");
  write("end");
  const std::string kept = release();
  EXPECT_LE(kept.size(), std::size_t{1} << 20);
  EXPECT_GT(kept.size(), std::size_t{1} << 18);
  EXPECT_TRUE(kept.ends_with("end"));
}

}  // namespace
}  // namespace gdbvm

// What the printf of agent expressions prints, and which formats it refuses.
#include "gdbstub/agent/printf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/unit/gdbstub/agent/fake_hit.h"

namespace gdbstub {
namespace {

constexpr std::uint64_t minus(std::uint64_t value) { return 0 - value; }

std::string printf_of(std::string_view format, std::vector<std::uint64_t> arguments) {
  FakeHit hit;
  std::ranges::copy(std::string_view("memory"), hit.memory.begin());
  hit.memory[6] = 0;
  const auto text = agent_printf(format, arguments, hit);
  return text ? *text : "error: " + text.error().text;
}

TEST(AgentPrintf, ConversionsAreThoseOfC) {
  EXPECT_EQ(printf_of("plain %% \\n\\t\\101\\\\", {}), "plain % \n\tA\\");
  EXPECT_EQ(printf_of("%d %i %u", {minus(1), 5, minus(1)}), "-1 5 4294967295");
  EXPECT_EQ(printf_of("%ld %lu %hd %hhx", {minus(1), minus(1), 0x18000, 0x1ff}), "-1 18446744073709551615 -32768 ff");
  EXPECT_EQ(printf_of("%x %X %o %#x %08llx", {255, 255, 8, 255, 255}), "ff FF 10 0xff 000000ff");
  EXPECT_EQ(printf_of("%5d|%-5d|%+d|%c|%p", {1, 2, 3, 'z', 0x1000}), "    1|2    |+3|z|0x1000");
  EXPECT_EQ(printf_of("<%s> <%8s> <%-8s> <%.3s>", {0x1000, 0x1000, 0x1000, 0x1000}),
            "<memory> <  memory> <memory  > <mem>");
}

TEST(AgentPrintf, HostileFormatsAreErrors) {
  EXPECT_EQ(printf_of("%d", {}), "error: the format wants more arguments than there are");
  EXPECT_TRUE(printf_of("%n", {1}).starts_with("error"));
  EXPECT_TRUE(printf_of("%f", {1}).starts_with("error"));
  EXPECT_TRUE(printf_of("%", {1}).starts_with("error"));
  EXPECT_TRUE(printf_of("%*d", {1, 2}).starts_with("error"));
  EXPECT_TRUE(printf_of("%s", {0}).starts_with("error"));
  EXPECT_LE(printf_of("%99999999999d", {1}).size(), 1024u);
  EXPECT_LE(printf_of("%.99999999999d", {1}).size(), 1024u);
  EXPECT_EQ(printf_of("\\", {}), "\\");
}

TEST(AgentPrintf, StringsWithoutAnEndStopAtTheEndOfMemory) {
  FakeHit hit;
  hit.memory.fill('a');
  EXPECT_FALSE(agent_printf("%s", std::array<std::uint64_t, 1>{0x1000}, hit));
}

}  // namespace
}  // namespace gdbstub

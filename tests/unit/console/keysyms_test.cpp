// The keys that VNC clients name.
#include "vmm/console/keysyms.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

std::uint16_t code(std::uint32_t keysym) { return key_of_keysym(keysym).value_or(ps2::Key{0}).code; }

TEST(Keysyms, CharactersAreTheKeysOfAUsKeyboard) {
  EXPECT_EQ(code('a'), 0x1e);
  EXPECT_EQ(code('A'), 0x1e) << "the client sends Shift as well";
  EXPECT_EQ(code('1'), 0x02);
  EXPECT_EQ(code('!'), 0x02);
  EXPECT_EQ(code(' '), 0x39);
  EXPECT_EQ(code('~'), 0x29);
}

TEST(Keysyms, KeysThatTypeNothing) {
  EXPECT_EQ(code(0xff0d), 0x1c) << "Return";
  EXPECT_EQ(code(0xff1b), 0x01) << "Escape";
  EXPECT_EQ(code(0xff51), 0xe04b) << "Left";
  EXPECT_EQ(code(0xffbe), 0x3b) << "F1";
  EXPECT_EQ(code(0xffc7), 0x44) << "F10";
  EXPECT_EQ(code(0xffc9), 0x58) << "F12";
  EXPECT_EQ(code(0xffe4), 0xe01d) << "Control_R";
}

TEST(Keysyms, OthersHaveNoKey) {
  for (const std::uint32_t keysym : {0u, 0x1fu, 0x7fu, 0xe4u, 0x1000000u, 0xffffffffu}) {
    EXPECT_FALSE(key_of_keysym(keysym)) << keysym;
  }
}

}  // namespace
}  // namespace gdbvm

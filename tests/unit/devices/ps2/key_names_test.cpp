// Keys by their names, and the keys that type a text.
#include "vmm/devices/ps2/key_names.h"

#include <gmock/gmock.h>

namespace gdbvm::ps2 {
namespace {

using enum Stroke;
using testing::ElementsAre;

TEST(KeyNames, OneKeyIsPressedAndReleased) {
  EXPECT_THAT(*parse_keys("a"), ElementsAre(KeyEvent{{0x1e}, Press}, KeyEvent{{0x1e}, Release}));
  EXPECT_EQ(parse_keys("ret")->front().key, Key{0x1c});
  EXPECT_EQ(parse_keys("0")->front().key, Key{0x0b});
  EXPECT_EQ(parse_keys("f12")->front().key, Key{0x58});
  EXPECT_EQ(parse_keys("up")->front().key, Key{0xe048});
}

TEST(KeyNames, ChordsAreReleasedInTheOppositeOrder) {
  EXPECT_THAT(*parse_keys("ctrl-alt-delete"),
              ElementsAre(KeyEvent{{0x1d}, Press}, KeyEvent{{0x38}, Press}, KeyEvent{{0xe053}, Press},
                          KeyEvent{{0xe053}, Release}, KeyEvent{{0x38}, Release}, KeyEvent{{0x1d}, Release}));
}

TEST(KeyNames, ACodeIsAKeyToo) {
  EXPECT_EQ(parse_keys("0x1c")->front().key, Key{0x1c});
  EXPECT_EQ(parse_keys("0xd3")->front().key, Key{0xe053});
}

TEST(KeyNames, WhatIsNotAKeyIsToldByName) {
  for (const char* text : {"", "A", "ctrl-", "-a", "ctrl-altdelete", "0x", "0x0", "0x100", "0x1g"}) {
    EXPECT_FALSE(parse_keys(text)) << text;
  }
  EXPECT_EQ(parse_keys("ctrl-frob").error(),
            "'frob' is not a key: names are QEMU's, such as a, ret, f1 or ctrl-alt-delete");
}

TEST(KeyNames, CapitalsAreTypedWithShift) {
  EXPECT_THAT(*keys_typing('x'), ElementsAre(KeyEvent{{0x2d}, Press}, KeyEvent{{0x2d}, Release}));
  EXPECT_THAT(*keys_typing('X'), ElementsAre(KeyEvent{{0x2a}, Press}, KeyEvent{{0x2d}, Press},
                                             KeyEvent{{0x2d}, Release}, KeyEvent{{0x2a}, Release}));
}

// By the US layout: the key's code, with 0x100 for shift.
unsigned code_of(char character) {
  const auto events = keys_typing(character);
  if (!events) return 0;
  return events->size() == 2 ? events->front().key.code : events->at(1).key.code | 0x100u;
}

TEST(KeyNames, EveryPrintableCharacterHasAKey) {
  for (char c = ' '; c <= '~'; ++c) EXPECT_NE(code_of(c), 0u) << c;
  EXPECT_EQ(code_of('!'), 0x102u);
  EXPECT_EQ(code_of('+'), 0x10du);
  EXPECT_EQ(code_of('`'), 0x29u);
  EXPECT_EQ(code_of('"'), 0x128u);
  EXPECT_EQ(code_of('\\'), 0x2bu);
  EXPECT_EQ(code_of('?'), 0x135u);
  EXPECT_EQ(code_of('\n'), 0x1cu);
  EXPECT_EQ(code_of('\r'), 0x1cu);
  EXPECT_EQ(code_of('\x7f'), 0x0eu);
}

TEST(KeyNames, ControlCharactersAreTypedWithControl) {
  EXPECT_THAT(*keys_typing('\x03'), ElementsAre(KeyEvent{{0x1d}, Press}, KeyEvent{{0x2e}, Press},
                                                KeyEvent{{0x2e}, Release}, KeyEvent{{0x1d}, Release}));
  EXPECT_FALSE(keys_typing('\0'));
  EXPECT_FALSE(keys_typing('\xe4'));
}

}  // namespace
}  // namespace gdbvm::ps2

// A terminal's bytes as keys: characters, escape sequences, and Alt.
#include "vmm/console/typed_keys.h"

#include <gtest/gtest.h>

#include <string_view>

namespace gdbvm {
namespace {

// The keys that are pressed.
std::vector<unsigned> pressed(std::string_view typed) {
  std::vector<unsigned> codes;
  for (const ps2::KeyEvent& event : keys_of({reinterpret_cast<const std::uint8_t*>(typed.data()), typed.size()})) {
    if (event.stroke == ps2::Stroke::Press) codes.push_back(event.key.code);
  }
  return codes;
}
using Codes = std::vector<unsigned>;

TEST(TypedKeys, Characters) {
  EXPECT_EQ(pressed("aB\r"), (Codes{0x1e, 0x2a, 0x30, 0x1c}));
  EXPECT_EQ(pressed("\x03\x7f"), (Codes{0x1d, 0x2e, 0x0e}));
  EXPECT_EQ(pressed("\xc3\xa4x"), (Codes{0x2d}));
}

TEST(TypedKeys, EscapeSequencesAreOneKey) {
  EXPECT_EQ(pressed("\x1b[A\x1bOBx"), (Codes{0xe048, 0xe050, 0x2d}));
  EXPECT_EQ(pressed("\x1b[3~\x1b[5~"), (Codes{0xe053, 0xe049}));
  EXPECT_EQ(pressed("\x1bOP\x1b[24~"), (Codes{0x3b, 0x58}));
}

TEST(TypedKeys, AnEscapeByItselfIsThatKey) {
  EXPECT_EQ(pressed("\x1b"), (Codes{0x01}));
  EXPECT_EQ(pressed("\x1b\x1b[A"), (Codes{0x01, 0xe048}));
}

TEST(TypedKeys, AnEscapeBeforeACharacterIsAlt) {
  const auto events = keys_of(std::vector<std::uint8_t>{0x1b, 'x'});
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events.front(), (ps2::KeyEvent{{0x38}, ps2::Stroke::Press}));
  EXPECT_EQ(events[1], (ps2::KeyEvent{{0x2d}, ps2::Stroke::Press}));
  EXPECT_EQ(events.back(), (ps2::KeyEvent{{0x38}, ps2::Stroke::Release}));
}

}  // namespace
}  // namespace gdbvm

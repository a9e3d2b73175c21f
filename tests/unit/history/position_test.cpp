// Places as text: what is written is read again, and nothing else is.
#include "vmm/history/position.h"

#include <gtest/gtest.h>

namespace gdbvm::history {
namespace {

TEST(Position, WhatIsWrittenIsReadAgain) {
  const Position event{412};
  EXPECT_EQ(event.text(), "412");
  EXPECT_EQ(Position::parse("412"), event);
  const Position inside{412, 7, std::chrono::microseconds(318), Digest{0x9c3f21a0, 0x7be4d816}};
  EXPECT_EQ(inside.text(), "412+7.318.9c3f21a07be4d816");
  EXPECT_EQ(Position::parse(inside.text()), inside);
  const Position zeros{1, 0, {}, Digest{0, 0xf}};
  EXPECT_EQ(zeros.text(), "1+0.0.000000000000000f");
  EXPECT_EQ(Position::parse(zeros.text()), zeros);
}

TEST(Position, OtherTextIsNone) {
  for (const char* text : {"", "+", "x", "-1", "412+", "412+7", "412+7.318", "412+7.318.", "412+7.318.9c3f21a0",
                           "412+7.318.9c3f21a07be4d81", "412+7.318.9c3f21a07be4d8160", "412+7.318.9c3f21a07be4d81g",
                           "412+7.318.-c3f21a07be4d816", "412+7.99999999999.9c3f21a07be4d816", " 412", "412 ",
                           "99999999999999999999999"}) {
    EXPECT_FALSE(Position::parse(text)) << text;
  }
}

}  // namespace
}  // namespace gdbvm::history

// Exceptions by number and by name, and which of them push an error code.
#include "vmm/x86/exceptions.h"

#include <gtest/gtest.h>

namespace gdbvm::x86 {
namespace {

TEST(Exceptions, HaveTheManualsNames) {
  EXPECT_EQ(name_of_exception(exception::page_fault), "#PF");
  EXPECT_EQ(name_of_exception(exception::nmi), "NMI");
  EXPECT_EQ(name_of_exception(15), "");
  EXPECT_EQ(name_of_exception(255), "");
}

TEST(Exceptions, AreFoundByNameInAnyCase) {
  EXPECT_EQ(exception_named("#gp"), exception::general_protection);
  EXPECT_EQ(exception_named("NMI"), exception::nmi);
  EXPECT_EQ(exception_named("ud"), exception::invalid_opcode);
  EXPECT_EQ(exception_named("14"), std::nullopt);
  EXPECT_EQ(exception_named("#ZZ"), std::nullopt);
  EXPECT_EQ(exception_named(""), std::nullopt);
}

// SDM vol. 3, table 6-1, and APM vol. 2, table 8-1.
TEST(Exceptions, PushErrorCodesAsTheManualsSay) {
  for (unsigned vector = 0; vector < 256; ++vector) {
    const bool expected =
        vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30;
    EXPECT_EQ(pushes_error_code(static_cast<std::uint8_t>(vector)), expected) << vector;
  }
}

TEST(Exceptions, AnErrorCodeCanNameAnEntryOfTheIdt) { EXPECT_EQ(idt_error_code(exception::breakpoint), 0x1au); }

}  // namespace
}  // namespace gdbvm::x86

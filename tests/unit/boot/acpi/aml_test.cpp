// AML terms, byte by byte as in ACPI 6.4, chapter 20.
#include "vmm/boot/acpi/aml.h"

#include <gtest/gtest.h>

namespace gdbvm::boot::aml {
namespace {

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
Bytes text(std::string_view s) { return {s.begin(), s.end()}; }

TEST(Aml, IntegersTakeTheShortestForm) {
  EXPECT_EQ(integer(0), Bytes({0x00}));
  EXPECT_EQ(integer(1), Bytes({0x01}));
  EXPECT_EQ(integer(0xff), Bytes({0x0a, 0xff}));
  EXPECT_EQ(integer(0x1234), Bytes({0x0b, 0x34, 0x12}));
  EXPECT_EQ(integer(0x12345678), Bytes({0x0c, 0x78, 0x56, 0x34, 0x12}));
  EXPECT_EQ(integer(0x123456789abcdef0), Bytes({0x0e, 0xf0, 0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12}));
}

TEST(Aml, NamesArePaddedAndPathsRooted) {
  EXPECT_EQ(name("_HID", integer(1)), Bytes({0x08}) + text("_HID") + Bytes({1}));
  EXPECT_EQ(name("\\_S5", integer(0)), Bytes({0x08}) + text("\\_S5_") + Bytes({0}));
  EXPECT_EQ(string("LNRO0005"), Bytes({0x0d}) + text("LNRO0005") + Bytes({0}));
}

TEST(Aml, EisaIds) {
  EXPECT_EQ(eisa_id("PNP0501"), Bytes({0x0c, 0x41, 0xd0, 0x05, 0x01}));
  EXPECT_EQ(eisa_id("PNP0A03"), Bytes({0x0c, 0x41, 0xd0, 0x0a, 0x03}));
}

TEST(Aml, PackagesCountTheirElements) {
  EXPECT_EQ(package({integer(5), integer(5), integer(0)}), Bytes({0x12, 7, 3, 0x0a, 5, 0x0a, 5, 0}));
}

// The length counts its own bytes: one up to 63, two up to 4095, three above.
TEST(Aml, LengthsGrowWithTheContents) {
  EXPECT_EQ(buffer(Bytes(60)), Bytes({0x11, 0x3f, 0x0a, 60}) + Bytes(60));
  EXPECT_EQ(buffer(Bytes(61)), Bytes({0x11, 0x41, 0x04, 0x0a, 61}) + Bytes(61));  // 2 + 2 + 61 = 0x41
  EXPECT_EQ(buffer(Bytes(4090)), Bytes({0x11, 0x4f, 0xff, 0x0b, 0xfa, 0x0f}) + Bytes(4090));
  EXPECT_EQ(buffer(Bytes(4091)), Bytes({0x11, 0x81, 0x00, 0x01, 0x0b, 0xfb, 0x0f}) + Bytes(4091));
}

TEST(Aml, ScopesAndDevicesHoldTerms) {
  EXPECT_EQ(device("COM1", {integer(1)}), Bytes({0x5b, 0x82, 6}) + text("COM1") + Bytes({1}));
  EXPECT_EQ(scope("\\_SB", {integer(1), integer(0)}), Bytes({0x10, 8}) + text("\\_SB_") + Bytes({1, 0}));
}

TEST(Aml, Resources) {
  EXPECT_EQ(io_ports(0x3f8, 8), Bytes({0x47, 1, 0xf8, 0x03, 0xf8, 0x03, 1, 8}));
  EXPECT_EQ(isa_irq(8), Bytes({0x22, 0x00, 0x01}));
  EXPECT_EQ(memory(0xd0000000, 0x200), Bytes({0x86, 9, 0, 1, 0, 0, 0, 0xd0, 0, 2, 0, 0}));
  EXPECT_EQ(bus_numbers(0, 0xff), Bytes({0x88, 13, 0, 2, 0x0c, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 1}));
  EXPECT_EQ(io_window(0xd00, 0xffff), Bytes({0x88, 13, 0, 1, 0x0c, 3, 0, 0, 0, 0x0d, 0xff, 0xff, 0, 0, 0, 0xf3}));
  EXPECT_EQ(memory_window(0xe0000000, 0xfebfffff), Bytes({0x87, 23,   0,    0,    0x0c, 1, 0, 0, 0, 0, 0, 0,    0,
                                                          0xe0, 0xff, 0xff, 0xbf, 0xfe, 0, 0, 0, 0, 0, 0, 0xc0, 0x1e}));
  EXPECT_EQ(interrupt(5), Bytes({0x89, 6, 0, 1, 1, 5, 0, 0, 0}));
  EXPECT_EQ(resources({isa_irq(4)}), Bytes({0x11, 8, 0x0a, 5, 0x22, 0x10, 0, 0x79, 0}));
}

}  // namespace
}  // namespace gdbvm::boot::aml

// The int3 bytes in guest memory: invisible to reads, kept by writes, removed without a trace.
#include "vmm/debug/guest/software_breakpoints.h"

#include <array>

#include <gmock/gmock.h>

namespace gdbvm {
namespace {

class SoftwareBreakpointsTest : public testing::Test {
 protected:
  SoftwareBreakpointsTest() {
    const std::array<std::uint8_t, 4> code{0x90, 0x91, 0x92, 0x93};
    memory.write({0x1000}, code);
  }
  std::uint8_t raw(std::uint64_t address) { return static_cast<std::uint8_t>(*memory.at({address}, 1)); }

  GuestMemory memory{1 << 20};
  SoftwareBreakpoints planted{memory};
};

TEST_F(SoftwareBreakpointsTest, PlantsAndLifts) {
  EXPECT_TRUE(planted.plant({0x1001}));
  EXPECT_EQ(raw(0x1001), 0xcc);
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x91);
  EXPECT_FALSE(planted.planted({0x1001}));
}

TEST_F(SoftwareBreakpointsTest, DevicesReadTheGuestsByte) {
  std::array<std::uint8_t, 2> bytes{};
  {
    SoftwareBreakpoints others{memory};
    others.plant({0x1001});
    EXPECT_EQ(memory.read_own({0x1001}, bytes), 2u);
    EXPECT_EQ(bytes[0], 0x91);
    EXPECT_EQ(raw(0x1001), 0xcc);
  }
  memory.write({0x1001}, std::array<std::uint8_t, 1>{0xcc});
  memory.read_own({0x1001}, bytes);
  EXPECT_EQ(bytes[0], 0xcc) << "nobody's but the guest's";
}

TEST_F(SoftwareBreakpointsTest, ComeAgainOverPagesThatAreReplaced) {
  planted.plant({0x0fff});
  planted.plant({0x1001});
  planted.plant({0x1fff});
  planted.plant({0x2000});
  std::array<std::byte, page_size> page{};
  page[1] = std::byte{0xcc};
  page[0xfff] = std::byte{0x55};
  memory.replace_page(1, page);
  EXPECT_EQ(raw(0x1000), 0);
  EXPECT_EQ(raw(0x1001), 0xcc);
  EXPECT_EQ(raw(0x1fff), 0xcc);
  planted.lift_all();
  EXPECT_EQ(raw(0x0fff), 0);
  EXPECT_EQ(raw(0x1001), 0xcc) << "the guest's";
  EXPECT_EQ(raw(0x1fff), 0x55);
  EXPECT_EQ(raw(0x2000), 0);
}

TEST_F(SoftwareBreakpointsTest, RefusesWhereThereIsNoRam) { EXPECT_FALSE(planted.plant({1 << 20})); }

TEST_F(SoftwareBreakpointsTest, PlantingTwiceKeepsTheGuestsByte) {
  planted.plant({0x1001});
  planted.plant({0x1001});
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x91);
}

TEST_F(SoftwareBreakpointsTest, ReadsShowTheGuestsBytes) {
  planted.plant({0x1000});
  planted.plant({0x1003});
  std::array<std::uint8_t, 4> copy{};
  memory.read({0x1000}, copy);
  planted.hide({0x1000}, copy);
  EXPECT_EQ(copy, (std::array<std::uint8_t, 4>{0x90, 0x91, 0x92, 0x93}));
}

TEST_F(SoftwareBreakpointsTest, WritesGoUnderTheInt3) {
  planted.plant({0x1001});
  const std::array<std::uint8_t, 2> bytes{0x11, 0x22};
  EXPECT_TRUE(planted.write({0x1000}, bytes));
  EXPECT_EQ(raw(0x1000), 0x11);
  EXPECT_EQ(raw(0x1001), 0xcc);
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x22);
}

TEST_F(SoftwareBreakpointsTest, AWriteThatLeavesRamChangesNothing) {
  const std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
  EXPECT_FALSE(planted.write({(1 << 20) - 2}, bytes));
  EXPECT_EQ(raw((1 << 20) - 2), 0);
}

TEST_F(SoftwareBreakpointsTest, WhatTheGuestWroteOverAnInt3Stays) {
  planted.plant({0x1001});
  *memory.at({0x1001}, 1) = std::byte{0x55};
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x55);
}

TEST_F(SoftwareBreakpointsTest, RepairPlantsAgainOverTheGuestsNewByte) {
  planted.plant({0x1001});
  *memory.at({0x1001}, 1) = std::byte{0x55};
  planted.repair();
  EXPECT_EQ(raw(0x1001), 0xcc);
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x55);
}

TEST_F(SoftwareBreakpointsTest, NothingIsLeftBehind) {
  {
    SoftwareBreakpoints passing(memory);
    passing.plant({0x1000});
    passing.plant({0x1002});
  }
  EXPECT_EQ(raw(0x1000), 0x90);
  EXPECT_EQ(raw(0x1002), 0x92);
}

// ---- those that are passed once

TEST_F(SoftwareBreakpointsTest, OnceIsGoneWhenItIsPassed) {
  ASSERT_TRUE(planted.plant_once({0x1001}));
  EXPECT_EQ(raw(0x1001), 0xcc);
  std::array<std::uint8_t, 2> bytes{};
  memory.read_own({0x1001}, bytes);
  EXPECT_EQ(bytes[0], 0x91);

  EXPECT_TRUE(planted.pass({0x1001}));
  EXPECT_EQ(raw(0x1001), 0x91);
  EXPECT_TRUE(planted.pass({0x1001})) << "another vCPU has fetched it before";
  EXPECT_THAT(planted.take_passed(), testing::ElementsAre(Gpa{0x1001}));
  EXPECT_FALSE(planted.pass({0x1001}));
  EXPECT_THAT(planted.take_passed(), testing::IsEmpty());
}

TEST_F(SoftwareBreakpointsTest, TheGuestsOwnInt3IsNotForOnce) {
  memory.write({0x1001}, std::array<std::uint8_t, 1>{0xcc});
  EXPECT_FALSE(planted.plant_once({0x1001}));
  EXPECT_FALSE(planted.plant_once({1 << 20})) << "no RAM";
  EXPECT_FALSE(planted.planted_once({0x1001}));
}

TEST_F(SoftwareBreakpointsTest, BothKindsAtOnePlace) {
  for (const bool once_first : {true, false}) {
    if (once_first) planted.plant_once({0x1001});
    planted.plant({0x1001});
    if (!once_first) planted.plant_once({0x1001});
    planted.lift({0x1001});
    EXPECT_EQ(raw(0x1001), 0xcc) << "the other one stays";
    planted.plant({0x1001});
    planted.pass({0x1001});
    EXPECT_EQ(raw(0x1001), 0xcc) << "the other one stays";
    EXPECT_EQ(planted.take_passed().size(), 1u);
    planted.lift({0x1001});
    EXPECT_EQ(raw(0x1001), 0x91);
  }
}

TEST_F(SoftwareBreakpointsTest, WritesGoBeneathOnce) {
  planted.plant_once({0x1001});
  planted.plant_once({0x1002});
  planted.pass({0x1002});
  ASSERT_TRUE(planted.write({0x1000}, std::array<std::uint8_t, 3>{0x40, 0x41, 0x42}));
  EXPECT_EQ(raw(0x1001), 0xcc);
  EXPECT_EQ(raw(0x1002), 0x42);
  planted.pass({0x1001});
  EXPECT_EQ(raw(0x1001), 0x41);
}

TEST_F(SoftwareBreakpointsTest, OnceComesAgainWhereTheGuestHasWritten) {
  planted.plant_once({0x1001});
  planted.plant_once({0x1002});
  planted.pass({0x1002});
  memory.write({0x1001}, std::array<std::uint8_t, 2>{0x51, 0x52});
  planted.repair_once();
  EXPECT_EQ(raw(0x1001), 0xcc);
  EXPECT_EQ(raw(0x1002), 0x52) << "it has been passed";
  planted.lift_once();
  EXPECT_EQ(raw(0x1001), 0x51);
  EXPECT_FALSE(planted.planted_once({0x1001}));
}

TEST_F(SoftwareBreakpointsTest, OnceComesAgainOverPagesThatAreReplaced) {
  planted.plant_once({0x1001});
  planted.plant_once({0x1002});
  planted.plant({0x1002});
  memory.replace_page(1, std::array<std::byte, page_size>{});
  EXPECT_EQ(raw(0x1001), 0xcc);
  planted.lift_all();
  EXPECT_EQ(raw(0x1001), 0);
  EXPECT_EQ(raw(0x1002), 0);
}

}  // namespace
}  // namespace gdbvm

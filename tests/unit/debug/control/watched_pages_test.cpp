// Which pages tell whether something that is waited for can have happened.
#include "vmm/debug/control/watched_pages.h"

#include <cstring>

#include <gtest/gtest.h>

#include "vmm/x86/power_on.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind;
using gdbstub::WatchKind;
using Numbers = std::vector<std::uint64_t>;

class WatchedPagesTest : public testing::Test {
 protected:
  std::optional<Numbers> pages(Waited waited = Waited::All) const {
    const auto found = watched_pages(stops, memory, unpaged, waited);
    return found ? std::optional(found->numbers) : std::nullopt;
  }
  GuestMemory memory{4 << 20};
  x86::SystemRegisters unpaged = x86::power_on::system(true);
  StopTable stops;
};

TEST_F(WatchedPagesTest, WithoutAnyStopThereAreNone) { EXPECT_EQ(pages(), Numbers{}); }

TEST_F(WatchedPagesTest, ThoseThatAWatchedRangeIsIn) {
  stops.insert(WatchKind::Write, Gva(0x1ffc), 8, nullptr);
  stops.insert(WatchKind::Write, Gva(0x2800), 1, nullptr);
  EXPECT_EQ(pages(), (Numbers{1, 2}));
}

TEST_F(WatchedPagesTest, WhatLeavesNoTraceIsNotTold) {
  stops.insert(BreakpointKind::Software, Gva(0x1000), nullptr);
  EXPECT_FALSE(pages());
  EXPECT_TRUE(pages(Waited::OnlyWrites)) << "where breakpoints do not matter";
  stops.remove(BreakpointKind::Software, Gva(0x1000));
  stops.insert(WatchKind::Read, Gva(0x1000), 8, nullptr);
  EXPECT_FALSE(pages());
  EXPECT_EQ(pages(Waited::OnlyWrites), Numbers{});
  stops.remove(WatchKind::Read, Gva(0x1000), 8);
  stops.catch_exceptions({6});
  EXPECT_FALSE(pages());
}

TEST_F(WatchedPagesTest, NorWhatIsNotInRamOrTooLarge) {
  stops.insert(WatchKind::Write, Gva(0x800000), 8, nullptr);
  EXPECT_FALSE(pages());
  stops.remove(WatchKind::Write, Gva(0x800000), 8);
  stops.insert(WatchKind::Write, Gva(0), 1 << 20, nullptr);
  EXPECT_FALSE(pages());
}

TEST_F(WatchedPagesTest, TheTablesThatLeadThereAreAmongThem) {
  const auto put = [this](std::uint64_t at, std::uint64_t entry) {
    std::memcpy(memory.at(Gpa(at), sizeof entry), &entry, sizeof entry);
  };
  x86::SystemRegisters paged = unpaged;
  paged.cr0 |= x86::cr0::pg | x86::cr0::pe;
  paged.cr4 |= x86::cr4::pae;
  paged.efer |= x86::efer::lme | x86::efer::lma;
  paged.cr3 = 0x10000;
  put(0x10000, 0x11003);
  put(0x11000, 0x12003);
  put(0x12000, 0x13003);
  put(0x13000 + 8 * 5, 0x20003);
  stops.insert(WatchKind::Write, Gva(0x5010), 8, nullptr);
  const auto found = watched_pages(stops, memory, paged, Waited::All);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->numbers, (Numbers{0x20, 0x10, 0x11, 0x12, 0x13}));
  EXPECT_TRUE(found->translates_like(paged));
  paged.cr3 = 0x14000;
  EXPECT_FALSE(found->translates_like(paged));
}

}  // namespace
}  // namespace gdbvm

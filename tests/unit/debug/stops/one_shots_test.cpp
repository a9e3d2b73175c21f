// Where bytes for once are put, when they are looked for again, and which have been passed.
#include "vmm/debug/stops/one_shots.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

struct OneShotsTest : testing::Test, ArmedRig {
  explicit OneShotsTest(HostStops stops = kvm_intel(), unsigned cpus = 1) : ArmedRig(stops, cpus) {}

  bool stands(std::uint64_t address) { return *at(address) == 0xcc; }
  void look() { shots.plant(cpu(), 0); }

  std::chrono::steady_clock::time_point time{};
  OneShots shots{machine, planted, host, [this] { return time; }};
};

TEST_F(OneShotsTest, StandWhereTheyAreMappedUntilTheyArePassed) {
  const std::vector<OneShots::Place> places{{{code}, {}}, {{code + 4}, {}}, {{code + 8}, {}}};
  shots.watch(places);
  EXPECT_FALSE(stands(code)) << "not before the guest is about to run";
  EXPECT_TRUE(shots.due(cpu()));
  look();
  EXPECT_TRUE(stands(code) && stands(code + 4) && stands(code + 8));
  EXPECT_FALSE(shots.due(cpu())) << "as it has just been looked";
  planted.pass({code + 4});
  EXPECT_THAT(shots.passed(), ElementsAre(false, true, false));
  shots.memory_replaced();
  look();
  EXPECT_FALSE(stands(code + 4)) << "it has been passed";
  shots.watch(places);
  EXPECT_THAT(shots.passed(), ElementsAre(false, false, false));
  look();
  EXPECT_TRUE(stands(code + 4));
  shots.watch({});
  EXPECT_FALSE(stands(code) || stands(code + 4) || stands(code + 8));
}

TEST_F(OneShotsTest, AreLookedForNowAndThenWhileTheyAreNotMapped) {
  constexpr std::uint64_t linked = 0xffffffff81000000;
  shots.watch({{{linked + code}, {}}});
  look();
  EXPECT_TRUE(shots.looks());
  EXPECT_FALSE(shots.due(cpu()));
  time += milliseconds(100);
  EXPECT_TRUE(shots.due(cpu()));
  look();
  time += milliseconds(100);
  EXPECT_FALSE(shots.due(cpu())) << "the pauses become longer";
  map_kernel(linked);
  time += milliseconds(100);
  ASSERT_TRUE(shots.due(cpu()));
  look();
  EXPECT_TRUE(stands(code));
  EXPECT_FALSE(shots.looks());
}

TEST_F(OneShotsTest, OtherPageTablesAreLookedAtAtOnce) {
  shots.watch({{{0xffffffff81000000}, {}}});
  look();
  ASSERT_FALSE(shots.due(cpu()));
  cpu().system_registers.cr3 += page_size;
  EXPECT_TRUE(shots.due(cpu()));
}

TEST_F(OneShotsTest, FollowAProgramThatMoves) {
  constexpr std::uint64_t linked = 0xffffffff81000000, slide = 0x200000;
  map_kernel(linked + slide);
  shots.watch({{{linked + code}, {}}});
  shots.plant(cpu(), std::nullopt);
  EXPECT_FALSE(stands(code)) << "nobody knows where to";
  shots.plant(cpu(), slide);
  EXPECT_TRUE(stands(code));
}

TEST_F(OneShotsTest, StandWhereTheImageWasLoadedBeforeItIsMapped) {
  shots.watch({{{0xffffffff81000000}, Gpa{code}}});
  look();
  EXPECT_TRUE(stands(code));
  planted.pass({code});
  EXPECT_THAT(shots.passed(), ElementsAre(true));
}

TEST_F(OneShotsTest, NotInWhatTheGuestIsGoingToCopy) {
  shots.watch({{{code}, Gpa{data}}});
  look();
  EXPECT_FALSE(stands(data));
  EXPECT_TRUE(stands(code));
}

TEST_F(OneShotsTest, NotWhereTheHostHandsThemToTheGuest) {
  host = kvm_pvm();
  cpu().system_registers.cr0 = 0;
  cpu().system_registers.efer = 0;
  shots.watch({{{0x8000}, Gpa{0x8000}}});
  look();
  EXPECT_FALSE(stands(0x8000)) << "in real mode";
  cpu().system_registers = machine.plan().system;
  look();
  EXPECT_TRUE(stands(0x8000));
}

TEST_F(OneShotsTest, ComeAgainWhereTheGuestHasWritten) {
  shots.watch({{{code}, {}}, {{0xffffffff81000000}, {}}});
  look();
  *at(code) = 0x55;
  time += milliseconds(200);
  ASSERT_TRUE(shots.due(cpu()));
  look();
  EXPECT_TRUE(stands(code));
  planted.pass({code});
  EXPECT_EQ(*at(code), 0x55);
}

}  // namespace
}  // namespace gdbvm

// Guarded pages: how many slots they cost, when they are open, and what an access to one reads and writes.
#include "vmm/debug/stops/slot_watchpoints.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::WatchKind;

TEST(SlotWatchpoints, ManyOnAPageAreOneProtectedRange) {
  ArmedRig p(kvm_pvm());
  const auto slots_before = p.machine.slots().slots().size();
  for (std::uint64_t i = 0; i < 500; ++i) (void)p.set_watch(WatchKind::Write, p.data + 16 * i, 4);
  p.arm();
  EXPECT_EQ(p.machine.slots().slots().size(), slots_before + 2);
  EXPECT_TRUE(p.armed.guards().guards({p.data + 0x1fff}));
  EXPECT_FALSE(p.armed.guards().guards({p.data + 0x2000}));
  EXPECT_FALSE(p.armed.guards().guards({p.data - 1}));
}

TEST(SlotWatchpoints, AnOpenPageIsOrdinaryMemory) {
  ArmedRig p(kvm_pvm());
  (void)p.set_watch(WatchKind::Access, p.data, 1);
  p.arm();
  p.armed.guards().open(p.vm);
  EXPECT_EQ(p.vm.access({p.data}), 2);
  p.armed.guards().close(p.vm);
  EXPECT_EQ(p.vm.access({p.data}), 0);
}

TEST(SlotWatchpoints, AGuardAnswersWithTheGuestsBytes) {
  ArmedRig p(kvm_pvm());
  (void)p.set_watch(WatchKind::Access, p.code, 1);
  p.arm();
  p.planted.plant({p.code + 4});
  std::array<std::uint8_t, 2> bytes{};
  using enum exits::Mmio::Direction;
  ASSERT_TRUE(p.armed.guards().answer({{p.code + 4}, Read, bytes}));
  EXPECT_EQ(bytes[0], 0x90);
  bytes = {0x11, 0x22};
  ASSERT_TRUE(p.armed.guards().answer({{p.code + 4}, Write, bytes}));
  EXPECT_EQ(*p.at(p.code + 4), 0xcc);
  EXPECT_EQ(*p.at(p.code + 5), 0x22);
  EXPECT_FALSE(p.armed.guards().answer({{p.data}, Read, bytes}));
}

}  // namespace
}  // namespace gdbvm

// Which watchpoints a single step is found to have hit.
#include "vmm/debug/stepping/stepped_watch.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::WatchKind;

struct Stepped : ArmedRig {
  Stepped() : ArmedRig(kvm_amd()) {
    cpu().general_registers.rbx = data;
    cpu().general_registers.rax = 0x55;
  }
  bool hits(WatchKind kind, std::initializer_list<std::uint8_t> instruction, auto&& effect) {
    (void)set_watch(kind, data, 4);
    arm();
    place(code, instruction);
    const SteppedWatch watch(armed, view, cpu(), SteppedWatch::Which::GuardedToo);
    effect();
    return watch.hit() != nullptr;
  }
};
const auto nothing = [] {};

TEST(SteppedWatch, AWriteOfTheSameValueCounts) {
  EXPECT_TRUE(Stepped().hits(WatchKind::Write, {0x89, 0x03}, nothing));  // mov [rbx], eax
}
TEST(SteppedWatch, AReadIsNoWrite) {
  EXPECT_FALSE(Stepped().hits(WatchKind::Write, {0x8b, 0x03}, nothing));  // mov eax, [rbx]
  EXPECT_TRUE(Stepped().hits(WatchKind::Read, {0x8b, 0x03}, nothing));
}
TEST(SteppedWatch, WhatTheCpuWritesByItselfCounts) {
  Stepped s;
  EXPECT_TRUE(s.hits(WatchKind::Write, {0x90}, [&] { s.put(s.data, 1); }));
}
TEST(SteppedWatch, ANeighbourDoesNot) {
  EXPECT_FALSE(Stepped().hits(WatchKind::Access, {0x89, 0x43, 0x04}, nothing));  // mov [rbx + 4], eax
}

}  // namespace
}  // namespace gdbvm

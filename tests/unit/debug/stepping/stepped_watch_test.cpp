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
// The frame that an exception of the instruction at `code` pushes, with or without an error code.
void take_exception(Stepped& s, bool error_code) {
  auto& registers = s.cpu().general_registers;
  registers.rip = s.handlers;
  registers.rsp = s.stack - 0x40;
  const std::uint64_t frame = registers.rsp + (error_code ? 8 : 0);
  s.put(frame, s.code);
  s.put(frame + 8, s.cpu().system_registers.cs.selector);
}
TEST(SteppedWatch, AnAccessThatFaultedHasNotHappened) {
  for (const bool error_code : {false, true}) {
    Stepped s;
    EXPECT_FALSE(s.hits(WatchKind::Access, {0x89, 0x03}, [&] { take_exception(s, error_code); })) << error_code;
  }
}
TEST(SteppedWatch, ARepeatedWriteThatFaultedLaterHasBegun) {
  Stepped s;
  auto& registers = s.cpu().general_registers;
  registers.rdi = s.data;
  registers.rcx = 8;
  EXPECT_TRUE(s.hits(WatchKind::Access, {0xf3, 0xaa}, [&] {  // rep stosb
    registers.rcx -= 4;
    take_exception(s, true);
  }));
}
TEST(SteppedWatch, ANeighbourDoesNot) {
  EXPECT_FALSE(Stepped().hits(WatchKind::Access, {0x89, 0x43, 0x04}, nothing));  // mov [rbx + 4], eax
}

}  // namespace
}  // namespace gdbvm

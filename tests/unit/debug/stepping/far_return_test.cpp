// The stack pointer of a far return that left the guest twice.
#include "vmm/debug/stepping/far_return.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

struct Returning : ArmedRig {
  explicit Returning(std::initializer_list<std::uint8_t> instruction) : ArmedRig(kvm_pvm()) {
    place(code, instruction);
  }
  // The exit of a pop, with the stack pointer as KVM shows it.
  void pop(std::uint64_t rsp) {
    cpu().general_registers.rsp = rsp;
    far_return.after({{rsp}, 8, WatchedAccess::Direction::Read}, cpu(), view);
  }
  std::uint64_t rsp() { return cpu().general().rsp; }

  FarReturn far_return;
};

TEST(FarReturn, TheSecondPopBeginsWhereTheFirstDid) {
  Returning s({0x48, 0xcb});  // lretq
  s.pop(s.stack - 16);
  EXPECT_EQ(s.rsp(), s.stack - 16);
  s.pop(s.stack - 8);
  EXPECT_EQ(s.rsp(), s.stack - 16);
}

TEST(FarReturn, OtherPopsInARowAreOfSeveralInstructions) {
  Returning s({0x58});  // pop rax, in a loop
  s.pop(s.stack - 16);
  s.pop(s.stack - 8);
  EXPECT_EQ(s.rsp(), s.stack - 8);
}

TEST(FarReturn, ANewOneIsItsOwn) {
  Returning s({0x48, 0xcb});
  s.pop(s.stack - 16);
  s.pop(s.stack - 8);
  s.pop(s.stack);
  EXPECT_EQ(s.rsp(), s.stack);
}

TEST(FarReturn, OneWhoseSecondPopStaysInTheGuestIsOver) {
  Returning s({0x48, 0xcb});
  s.pop(s.stack - 16);
  s.pop(s.stack);
  EXPECT_EQ(s.rsp(), s.stack);
}

TEST(FarReturn, AWriteInBetweenEndsIt) {
  Returning s({0x48, 0xcb});
  s.pop(s.stack - 16);
  s.far_return.after({{s.stack - 16}, 8, WatchedAccess::Direction::Write}, s.cpu(), s.view);
  s.pop(s.stack - 8);
  EXPECT_EQ(s.rsp(), s.stack - 8);
}

}  // namespace
}  // namespace gdbvm

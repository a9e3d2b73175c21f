// Which write to a guarded stack was the second push of a far call.
#include "vmm/debug/stepping/lost_push.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

// `code` holds the call and has led to `target`; the return address is what was pushed.
struct FarCall : ArmedRig {
  static constexpr std::uint64_t pointer = data, target = code + 0x400;

  FarCall() : ArmedRig(kvm_pvm()) {
    put(pointer, target | std::uint64_t{cpu().system_registers.cs.selector} << 32);
    cpu().general_registers.rbx = pointer;
    cpu().general_registers.rip = target;
  }
  std::optional<LostPush> after(std::initializer_list<std::uint8_t> instruction, unsigned size = 4) {
    place(code, instruction);
    cpu().general_registers.rsp = stack - 2 * size;
    std::uint64_t pushed = code + instruction.size();
    const std::span bytes{reinterpret_cast<std::uint8_t*>(&pushed), size};
    return lost_push({{cpu().general_registers.rsp}, exits::Mmio::Direction::Write, bytes}, cpu(), view);
  }
};

TEST(LostPush, ThatOfAFarCallIsBesideTheReturnAddress) {
  FarCall s;
  const auto push = s.after({0xff, 0x1b});  // lcall [rbx]
  ASSERT_TRUE(push);
  EXPECT_EQ(push->at, Gva{s.stack - 4});
  EXPECT_EQ(push->size, 4u);
}

TEST(LostPush, WithRexThePointerAndThePushesAreWide) {
  FarCall s;
  s.put(s.pointer, s.target);
  s.put(s.pointer + 8, s.cpu().system_registers.cs.selector);
  const auto push = s.after({0x48, 0xff, 0x1b}, 8);
  ASSERT_TRUE(push);
  EXPECT_EQ(push->at, Gva{s.stack - 8});
}

TEST(LostPush, ThePointerMayLieOnTheStackItself) {
  FarCall s;
  s.put(s.stack, s.get(s.pointer));
  EXPECT_TRUE(s.after({0xff, 0x1c, 0x24}));  // lcall [rsp]
}

TEST(LostPush, ANearCallLosesNone) {
  FarCall s;
  EXPECT_FALSE(s.after({0xff, 0x13}, 8));                    // call [rbx]
  EXPECT_FALSE(s.after({0xe8, 0xfb, 0x03, 0x00, 0x00}, 8));  // call target
}

TEST(LostPush, NorDoesACallThatLedElsewhere) {
  FarCall s;
  s.cpu().general_registers.rip += 1;
  EXPECT_FALSE(s.after({0xff, 0x1b}));
}

TEST(LostPush, NorAWriteOfAnAddressToAnotherPlace) {
  FarCall s;
  ASSERT_TRUE(s.after({0xff, 0x1b}));
  s.cpu().general_registers.rsp -= 8;
  std::uint32_t value = s.code + 2;
  const std::span bytes{reinterpret_cast<std::uint8_t*>(&value), sizeof value};
  EXPECT_FALSE(lost_push({{s.stack - 8}, exits::Mmio::Direction::Write, bytes}, s.cpu(), s.view));
}

}  // namespace
}  // namespace gdbvm

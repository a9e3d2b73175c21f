// The guest's IDT, the frames on its stack, and what happens to traps at CPL 3.
#include "vmm/debug/guest/idt.h"

#include "tests/unit/debug/rig.h"
#include "vmm/debug/stops/user_traps.h"

namespace gdbvm {
namespace {

struct IdtTest : testing::Test {
  Rig rig{kvm_pvm()};
  SoftwareBreakpoints planted{rig.machine.memory()};
  GuestView view{rig.machine.memory(), planted};

  // A CPU that has just entered the vector's handler.
  void arrive(unsigned vector, std::initializer_list<std::uint64_t> pushed) {
    auto& general = rig.cpu().general_registers;
    general.rip = Rig::handlers + 16 * vector;
    general.rsp = Rig::stack - 8 * pushed.size();
    for (std::uint64_t at = general.rsp; const std::uint64_t value : pushed) {
      rig.put(at, value);
      at += 8;
    }
  }
};

TEST_F(IdtTest, ReadsAGate) {
  rig.set_gate(3, 0xffff800000123456, 3);
  EXPECT_EQ(idt_gate(view, rig.cpu(), 3), (Gate{{0xffff800000123456}, 3, true}));
  EXPECT_EQ(idt_gate(view, rig.cpu(), 32), std::nullopt);  // the table ends before
  rig.set_gate(3, 0x1234, 0, false);
  EXPECT_EQ(idt_handler(view, rig.cpu(), 3), std::nullopt);
}

TEST_F(IdtTest, RealModeHasAVectorTable) {
  rig.cpu().system_registers.cr0 = 0;
  rig.cpu().system_registers.efer = 0;
  rig.cpu().system_registers.idt = {0, 0x3ff};
  rig.put(6 * 4, 0xf0001234);
  EXPECT_EQ(idt_handler(view, rig.cpu(), 6), Gva{0xf1234});
}

TEST_F(IdtTest, FindsTheFrameBehindAnErrorCode) {
  arrive(14, {7, 0x1111, 0x3b, 0x202, 0x2222, 0x33});
  const auto frame = interrupt_frame(view, rig.cpu());
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->vector, 14);
  EXPECT_EQ(frame->rip, 0x1111u);
  EXPECT_EQ(frame->cs, 0x3b);
  EXPECT_EQ(frame->error_code, 7u);
  EXPECT_EQ(frame->flags_at.value, Rig::stack - 24);
}

TEST_F(IdtTest, ElsewhereThereIsNoFrame) { EXPECT_EQ(interrupt_frame(view, rig.cpu()), std::nullopt); }

TEST_F(IdtTest, AReturnPutsTheInterruptedCodeBack) {
  arrive(3, {0x5555, Rig::user_code, 0x246, 0x7777, Rig::user_data});
  const auto frame = frame_of(view, rig.cpu(), 3);
  ASSERT_TRUE(frame && return_from(*frame, view, rig.cpu()));
  const auto& general = rig.cpu().general_registers;
  EXPECT_EQ(general.rip, 0x5555u);
  EXPECT_EQ(general.rsp, 0x7777u);
  EXPECT_EQ(general.rflags, 0x246u);
  EXPECT_EQ(x86::privilege_level(rig.cpu().system_registers), 3u);
}

TEST_F(IdtTest, AReturnToASegmentThatIsNotThereChangesNothing) {
  arrive(3, {0x5555, 0x1003, 0x246, 0x7777, Rig::user_data});
  const auto before = rig.cpu().general_registers;
  const auto frame = frame_of(view, rig.cpu(), 3);
  ASSERT_TRUE(frame);
  EXPECT_FALSE(return_from(*frame, view, rig.cpu()));
  EXPECT_EQ(rig.cpu().general_registers, before);
}

TEST_F(IdtTest, AnInt3AtCpl3ArrivesWhereTheGateSays) {
  const auto arrives_at = [&] { return user_trap_handler(view, rig.cpu(), 3)->vector; };
  rig.set_gate(3, Rig::handlers + 48, 3);
  EXPECT_EQ(arrives_at(), 3);
  rig.set_gate(3, Rig::handlers + 48, 0);  // closed to users
  EXPECT_EQ(arrives_at(), 3);
  rig.set_gate(3, Rig::handlers + 48, 3, false);
  EXPECT_EQ(arrives_at(), 11);
}

TEST_F(IdtTest, TellsAnInt3OfCpl3FromOtherTraps) {
  EXPECT_EQ(user_int3_behind({3, 0x1001, 0x3b, {}, {}, 0x202}), Gva{0x1000});
  EXPECT_EQ(user_int3_behind({13, 0x1000, 0x3b, {}, 3 << 3 | 2, 0x10202}), Gva{0x1000});
  EXPECT_EQ(user_int3_behind({13, 0x1000, 0x3b, {}, 0, 0x10202}), std::nullopt);  // some other #GP
  EXPECT_EQ(user_int3_behind({3, 0x1001, 0x10, {}, {}, 0x202}), std::nullopt);    // at CPL 0
  EXPECT_EQ(user_int3_behind({3, 0x1001, 0x3b, {}, {}, 0x10202}), std::nullopt);  // a fault, in a handler for all
}

}  // namespace
}  // namespace gdbvm

// Running real guests of a few bytes: exits, steps, kicks, slots.
#include <atomic>
#include <thread>

#include "tests/unit/kvm/tiny_vm.h"

namespace gdbvm::kvm {
namespace {

// mov al, 0x41; out 0xe9, al; hlt
constexpr auto out_then_halt = {std::uint8_t{0xb0}, std::uint8_t{0x41}, std::uint8_t{0xe6}, std::uint8_t{0xe9},
                                std::uint8_t{0xf4}};

TEST_F(TinyVm, OutLeavesAsIoWithItsByte) {
  load(out_then_halt);
  const Exit exit = run();
  const auto* io = std::get_if<exits::Io>(&exit);
  ASSERT_NE(io, nullptr) << describe(exit);
  EXPECT_EQ(io->direction, exits::Io::Direction::Out);
  EXPECT_EQ(io->port, 0xe9);
  EXPECT_EQ(io->size, 1);
  EXPECT_EQ(io->count, 1u);
  ASSERT_EQ(io->bytes.size(), 1u);
  EXPECT_EQ(io->bytes[0], 0x41);
}

TEST_F(TinyVm, CompleteLeavesRegistersAfterTheInstruction) {
  load(out_then_halt);
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->complete()));
  EXPECT_EQ(vcpu->general().rip, code_start + 4);
  EXPECT_EQ(vcpu->general().rax & 0xff, 0x41u);
}

TEST_F(TinyVm, InTakesTheByteThatWasPutInPlace) {
  load({0xe4, 0x60, 0xf4});  // in al, 0x60; hlt
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Io>(exit)) << describe(exit);
  std::get<exits::Io>(exit).bytes[0] = 0x5a;
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->complete()));
  EXPECT_EQ(vcpu->general().rax & 0xff, 0x5au);
}

TEST_F(TinyVm, HaltIsAnExit) {
  load({0xf4});
  const Exit exit = run();
  EXPECT_TRUE(std::holds_alternative<exits::Halt>(exit)) << describe(exit);
}

TEST_F(TinyVm, RegistersWrittenBetweenRunsAreUsed) {
  load({0xe6, 0x10, 0xe6, 0x11, 0xf4});  // out 0x10, al; out 0x11, al; hlt
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  auto registers = vcpu->general();
  registers.rax = 0x77;
  vcpu->set_general(registers);
  EXPECT_EQ(vcpu->general().rax, 0x77u);
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Io>(exit)) << describe(exit);
  EXPECT_EQ(std::get<exits::Io>(exit).bytes[0], 0x77);
}

TEST_F(TinyVm, CompleteAppliesWrittenRegistersToo) {
  load({0xe6, 0x10, 0x90, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  auto registers = vcpu->general();
  registers.rbx = 0x1234;
  vcpu->set_general(registers);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->complete()));
  EXPECT_EQ(vcpu->general().rbx, 0x1234u);
}

TEST_F(TinyVm, EachStepIsOneInstructionAndTfIsNotSeen) {
  // inc ax (4 times); pushf; pop bx; jmp $
  load({0x40, 0x40, 0x40, 0x40, 0x9c, 0x5b, 0xeb, 0xfe});
  vcpu->set_guest_debug({.single_step = true, .block_interrupts = true});
  constexpr std::uint64_t stops[] = {1, 2, 3, 4, 5, 6, 6, 6};
  for (const std::uint64_t offset : stops) {
    const Exit exit = run();
    ASSERT_TRUE(std::holds_alternative<exits::Debug>(exit)) << describe(exit);
    EXPECT_EQ(std::get<exits::Debug>(exit).exception, 1u);
    EXPECT_EQ(vcpu->general().rip, code_start + offset);
    EXPECT_EQ(vcpu->general().rflags & x86::rflags::tf, 0u);
  }
  EXPECT_EQ(vcpu->general().rax, 4u);
}

TEST_F(TinyVm, NoTfStaysBehindWhenSteppingEnds) {
  load({0x40, 0x40, 0xe6, 0x10, 0xf4});
  vcpu->set_guest_debug({.single_step = true});
  ASSERT_TRUE(std::holds_alternative<exits::Debug>(run()));
  vcpu->set_guest_debug({});
  const Exit exit = run();
  EXPECT_TRUE(std::holds_alternative<exits::Io>(exit)) << describe(exit);
  EXPECT_EQ(vcpu->general().rflags & x86::rflags::tf, 0u);
}

TEST_F(TinyVm, StepGoesOnFromAWrittenRip) {
  load({0x40, 0x90, 0x90, 0x43, 0x90});  // inc ax; nop; nop; inc bx; nop
  vcpu->set_guest_debug({.single_step = true});
  ASSERT_TRUE(std::holds_alternative<exits::Debug>(run()));
  auto registers = vcpu->general();
  registers.rip = code_start + 3;
  vcpu->set_general(registers);
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Debug>(exit)) << describe(exit);
  EXPECT_EQ(vcpu->general().rip, code_start + 4);
  EXPECT_EQ(vcpu->general().rbx, 1u);
}

TEST_F(TinyVm, ExecuteDebugRegisterStopsBeforeTheInstruction) {
  load({0x40, 0x40, 0x40, 0xeb, 0xfe});
  vcpu->set_guest_debug({.use_debug_registers = true, .address = {code_start + 2}, .dr7 = 0x402});
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Debug>(exit)) << describe(exit);
  EXPECT_EQ(std::get<exits::Debug>(exit).dr6 & 0xf, 1u);
  EXPECT_EQ(vcpu->general().rip, code_start + 2);
  EXPECT_EQ(vcpu->general().rax, 2u);
}

TEST_F(TinyVm, KickEndsABusyLoop) {
  load({0x40, 0xeb, 0xfd});  // inc ax; jmp back
  for (int i = 0; i < 50; ++i) {
    std::atomic<bool> kicked = false;
    std::thread other([&] {
      vcpu->kick();
      kicked = true;
    });
    while (!std::holds_alternative<exits::Interrupted>(vcpu->run())) {
    }
    other.join();
    EXPECT_TRUE(kicked);
  }
}

TEST_F(TinyVm, KickBeforeRunIsNotLost) {
  load({0xeb, 0xfe});
  vcpu->kick();
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->run()));
  EXPECT_EQ(vcpu->general().rip, code_start);
}

TEST_F(TinyVm, KickDuringAnotherExitIsForTheNextRun) {
  load({0xe6, 0x10, 0xeb, 0xfe});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  vcpu->kick();
  (void)vcpu->complete();
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->run()));  // would spin forever
}

TEST_F(TinyVm, RegistersGivenToARunThatIsKickedAreKept) {
  load({0xeb, 0xfe});
  auto registers = vcpu->general();
  registers.rcx = 0x99;
  vcpu->set_general(registers);
  vcpu->kick();
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->run()));
  EXPECT_EQ(vcpu->general().rcx, 0x99u);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->complete()));
  EXPECT_EQ(vcpu->general().rcx, 0x99u);
}

TEST_F(TinyVm, WriteToAReadOnlyPageLeavesAsMmioAndRamKeepsItsByte) {
  load({0xc6, 0x06, 0x00, 0x20, 0x55, 0xf4});  // mov byte [0x2000], 0x55; hlt
  const ProtectedRange range{.start = {0x2000}, .size = 1, .access = PageAccess::ReadOnly};
  ASSERT_TRUE(slots->protect({&range, 1}));
  slots->apply(*vm);
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Mmio>(exit)) << describe(exit);
  const auto& mmio = std::get<exits::Mmio>(exit);
  EXPECT_EQ(mmio.address, Gpa{0x2000});
  EXPECT_EQ(mmio.direction, exits::Mmio::Direction::Write);
  ASSERT_EQ(mmio.bytes.size(), 1u);
  EXPECT_EQ(mmio.bytes[0], 0x55);
  EXPECT_EQ(std::to_integer<int>(*memory.at({0x2000}, 1)), 0);
}

TEST_F(TinyVm, ReadOfAnAbsentPageLeavesAsMmioUntilItIsBack) {
  load({0xa0, 0x00, 0x20, 0xeb, 0xfb});  // mov al, [0x2000]; jmp back
  memory.at({0x2000}, 1)[0] = std::byte{0x66};
  const ProtectedRange range{.start = {0x2000}, .size = 1, .access = PageAccess::Absent};
  ASSERT_TRUE(slots->protect({&range, 1}));
  slots->apply(*vm);
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Mmio>(exit)) << describe(exit);
  std::get<exits::Mmio>(exit).bytes[0] = 0x11;
  (void)vcpu->complete();
  EXPECT_EQ(vcpu->general().rax & 0xff, 0x11u);

  ASSERT_TRUE(slots->protect({}));
  slots->apply(*vm);
  vcpu->set_guest_debug({.single_step = true});
  (void)run();  // jmp
  (void)run();  // mov
  EXPECT_EQ(vcpu->general().rax & 0xff, 0x66u);
}

TEST_F(TinyVm, InjectedExceptionGoesThroughTheGuestsOwnHandler) {
  load({0x90, 0xeb, 0xfe});
  memory.at({0x100}, 6 * 4 + 4)[0] = std::byte{0};
  memory.at({6 * 4}, 4)[1] = std::byte{0x30};   // vector 6: 0000:3000
  memory.at({0x3000}, 2)[0] = std::byte{0xe6};  // out 0x10, al
  memory.at({0x3000}, 2)[1] = std::byte{0x10};
  vcpu->inject_exception(6, false, 0);
  const Exit exit = run();
  ASSERT_TRUE(std::holds_alternative<exits::Io>(exit)) << describe(exit);
  (void)vcpu->complete();
  EXPECT_EQ(vcpu->general().rip, 0x3002u);
  EXPECT_EQ(vcpu->general().rsp, 0x8000u - 6);
}

}  // namespace
}  // namespace gdbvm::kvm

// Interrupts, waiting and alarms of a bare CPU on the real /dev/kvm.
#include <chrono>
#include <thread>

#include "tests/unit/kvm/tiny_vm.h"

namespace gdbvm::kvm {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::uint8_t vector = 0x30;

class InterruptedVm : public TinyVm {
 protected:
  // The vector's handler is at 0x2000: out 0x10, al; hlt
  void SetUp() override {
    TinyVm::SetUp();
    if (IsSkipped()) return;
    const std::uint8_t entry[] = {0x00, 0x20, 0, 0}, handler[] = {0xe6, 0x10, 0xf4};
    ASSERT_TRUE(memory.write({4 * vector}, entry));
    ASSERT_TRUE(memory.write({0x2000}, handler));
  }
};

TEST_F(InterruptedVm, AnInterruptGoesThroughTheGuestsHandler) {
  load({0xfb, 0x90, 0x90, 0xe6, 0x11, 0xeb, 0xfe});  // sti; nop; nop; out 0x11, al; jmp self
  EXPECT_FALSE(accepts_interrupts(*vcpu));
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  ASSERT_TRUE(accepts_interrupts(*vcpu));
  vcpu->inject_interrupt(vector);
  EXPECT_FALSE(accepts_interrupts(*vcpu)) << "until it is delivered";
  const Exit exit = run();
  const auto* io = std::get_if<exits::Io>(&exit);
  ASSERT_NE(io, nullptr) << describe(exit);
  EXPECT_EQ(io->port, 0x10);
  EXPECT_EQ(vcpu->system().interrupt_bitmap, (std::array<std::uint64_t, 4>{})) << "it would come again";
}

TEST_F(InterruptedVm, TheWindowOpensAfterSti) {
  load({0x90, 0xfb, 0x90, 0xeb, 0xfe});  // nop; sti; nop; jmp self
  vcpu->request_interrupt_window(true);
  const Exit exit = run();
  EXPECT_TRUE(std::holds_alternative<exits::InterruptWindow>(exit)) << describe(exit);
  EXPECT_TRUE(accepts_interrupts(*vcpu));
  EXPECT_GE(vcpu->general().rip, code_start + 3) << "not in the shadow of sti";
  vcpu->request_interrupt_window(false);
}

TEST_F(InterruptedVm, AnAlarmEndsABusyLoop) {
  load({0xeb, 0xfe});
  for (int i = 0; i < 20; ++i) {
    const auto at = SteadyClock::now() + 1ms;
    vcpu->set_alarm(at);
    EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->run()));
    EXPECT_GE(SteadyClock::now(), at);
  }
}

TEST_F(InterruptedVm, AnAlarmOfThePastIsForTheNextRun) {
  load({0xeb, 0xfe});
  vcpu->set_alarm(SteadyClock::now() - 1h);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(vcpu->run()));
}

TEST_F(InterruptedVm, WaitingEndsAtItsTimeOrByAKickWhichIsAnsweredThen) {
  load({0xe6, 0x10, 0xf4});
  const auto until = SteadyClock::now() + 1ms;
  EXPECT_EQ(vcpu->wait(until), BareVcpu::Wake::Alarm);
  EXPECT_GE(SteadyClock::now(), until);
  std::thread other([&] { vcpu->kick(); });
  EXPECT_EQ(vcpu->wait(std::nullopt), BareVcpu::Wake::Kicked);
  other.join();
  EXPECT_TRUE(std::holds_alternative<exits::Io>(vcpu->run()));
  vcpu->kick();
  EXPECT_EQ(vcpu->wait(std::nullopt), BareVcpu::Wake::Kicked) << "one that came before";
}

TEST_F(InterruptedVm, TaskPriorityIsTheGuests) {
  vcpu->set_task_priority(5);
  EXPECT_EQ(vcpu->system().cr8, 5u);
  load({0xe6, 0x10, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  EXPECT_EQ(vcpu->task_priority(), 5);
  auto registers = vcpu->system();
  registers.cr8 = 7;
  ASSERT_TRUE(vcpu->set_system(registers));
  EXPECT_EQ(vcpu->task_priority(), 7);
}

}  // namespace
}  // namespace gdbvm::kvm

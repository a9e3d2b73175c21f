// A machine with a PC's devices on the real /dev/kvm: it is the same, byte for byte, after it has been put back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>

#include "tests/unit/devices/recording_sink.h"
#include "tests/unit/kvm/usable_kvm.h"
#include "vmm/kvm/system.h"
#include "vmm/kvm/vm.h"
#include "vmm/machine/pc_board.h"
#include "vmm/snapshot/machine_snapshot.h"
#include "vmm/x86/power_on.h"
#include "vmm/x86/segments.h"

namespace gdbvm {
namespace {

constexpr std::uint64_t memory_size = 1 << 20, code = 0x1000, handler = 0x1100, stack = 0x9000;

// Counts the timer's interrupts, and writes to memory all over, by a generator whose state is in a register; now and
// then it halts, and it talks to the serial port, the RTC and the timer.
constexpr std::uint8_t program[] = {
    0xfa,                    // cli
    0xb0, 0x11, 0xe6, 0x20,  // the first PIC: vectors from 0x20 on, only line 0 open
    0xb0, 0x20, 0xe6, 0x21,  //
    0xb0, 0x04, 0xe6, 0x21,  //
    0xb0, 0x01, 0xe6, 0x21,  //
    0xb0, 0xfe, 0xe6, 0x21,  //
    0xb0, 0x34, 0xe6, 0x43,  // the timer's channel 0: mode 2
    0xb0, 0xa9, 0xe6, 0x40,  // 0x04a9: 1 kHz
    0xb0, 0x04, 0xe6, 0x40,  //
    0xb8, 0x00, 0x20,        // mov $0x2000, %ax
    0x8e, 0xd8,              // mov %ax, %ds
    0xfb,                    // sti
    // again:
    0x69, 0xdb, 0x6d, 0x4e,  // imul $0x4e6d, %bx, %bx
    0x81, 0xc3, 0x39, 0x30,  // add $0x3039, %bx
    0xff, 0x07,              // incw (%bx)
    0xe4, 0x40,              // in $0x40, %al
    0x00, 0x47, 0x01,        // add %al, 1(%bx)
    0xb0, 0x0b, 0xe6, 0x70,  // the RTC's register B
    0xe4, 0x71,              //
    0xf6, 0xc7, 0x7e,        // test $0x7e, %bh
    0x75, 0xe6,              // jnz again
    0xf4,                    // hlt
    0xeb, 0xe3,              // jmp again
};
constexpr std::uint8_t count_tick[] = {
    0x50,                                            // push %ax
    0x67, 0x66, 0xff, 0x05, 0x00, 0x00, 0x00, 0x00,  // incl (0)
    0xb0, 0x20, 0xe6, 0x20,                          // end of interrupt
    0x58,                                            // pop %ax
    0xcf,                                            // iret
};

boot::BootPlan plan() {
  boot::BootPlan plan;
  plan.system = x86::power_on::system(true);
  plan.system.cs = x86::real_mode_code(0);
  plan.general = {.rsp = stack, .rip = code, .rflags = x86::rflags::fixed};
  return plan;
}

class RealMachine : public testing::Test {
 protected:
  void SetUp() override {
    if (!kvm::usable_kvm()) GTEST_SKIP() << kvm::no_kvm;
    system_.emplace();
    vm_.emplace(*system_, kvm::VmOptions{.cpus = 1});
    board_.emplace(chipset_, memory_size, PcBoard::SerialOutputs{.com1 = sink_, .com2 = sink_});
    machine_.emplace(*vm_, chipset_, memory_size, plan());
    board_->connect(*machine_);
    const std::uint8_t vector[] = {handler & 0xff, handler >> 8, 0, 0};
    ASSERT_TRUE(machine_->memory().write({code}, program));
    ASSERT_TRUE(machine_->memory().write({handler}, count_tick));
    ASSERT_TRUE(machine_->memory().write({4 * 0x20}, vector));
    snapshots_.emplace(*machine_);
  }

  // So many exits, and then to the end of an instruction.
  void run(unsigned exits) {
    Processor& cpu = machine_->vcpu({0});
    chipset_.clock.go();
    Exit exit = exits::Interrupted{};
    for (unsigned i = 0; i < exits; ++i) {
      exit = cpu.run();
      ASSERT_FALSE(std::holds_alternative<outcome::Unhandled>(machine_->handle({0}, exit))) << describe(exit);
    }
    do {
      exit = cpu.complete();
    } while (std::holds_alternative<outcome::Done>(machine_->handle({0}, exit)));
    chipset_.clock.stop();
  }

  // All but the time-stamp counter and kvmclock, which run on while the machine stands.
  std::vector<std::byte> states() {
    StateWriter writer;
    chipset_.states.save(writer);
    std::vector<std::byte> bytes = writer.bytes();
    const std::uint64_t tsc = tsc_of(bytes);
    std::memset(tsc_place_, 0, sizeof tsc);
    std::memset(state_of("kvmclock", bytes), 0, sizeof(std::uint64_t));
    return bytes;
  }
  std::vector<std::uint8_t> ram() {
    std::vector<std::uint8_t> bytes(memory_size);
    EXPECT_EQ(machine_->memory().read({0}, bytes), memory_size);
    return bytes;
  }

  RecordingSink sink_;
  Chipset chipset_{1};
  std::optional<kvm::System> system_;
  std::optional<kvm::Vm> vm_;
  std::optional<PcBoard> board_;
  std::optional<Machine> machine_;
  std::optional<snapshot::MachineSnapshots> snapshots_;

 private:
  // After its name come its version and size.
  static std::byte* state_of(std::string_view name, std::vector<std::byte>& bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return bytes.data() + text.find(name) + name.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t);
  }
  std::uint64_t tsc_of(std::vector<std::byte>& bytes) {
    tsc_place_ = state_of("cpu 0", bytes) + sizeof(x86::GeneralRegisters) + sizeof(x86::SystemRegisters) +
                 sizeof(x86::DebugRegisters) + sizeof(x86::VcpuEvents) + sizeof(std::uint64_t);
    std::uint64_t tsc;
    std::memcpy(&tsc, tsc_place_, sizeof tsc);
    return tsc;
  }
  std::byte* tsc_place_ = nullptr;
};

// As many rounds as GDBVM_ROUNDS says.
TEST_F(RealMachine, IsTheSameAfterItHasBeenPutBack) {
  const char* wanted = std::getenv("GDBVM_ROUNDS");
  const int rounds = wanted ? std::atoi(wanted) : 50;
  std::mt19937 random(20261130);
  const auto some = [&](unsigned most) { return std::uniform_int_distribution<unsigned>(1, most)(random); };
  run(200);
  for (int round = 0; round < rounds; ++round) {
    run(some(60));
    const snapshot::MachineSnapshot snapshot = snapshots_->take();
    const auto states_then = states();
    const auto ram_then = ram();
    run(some(200));
    EXPECT_NE(states(), states_then);
    snapshots_->put_back(snapshot);
    const auto states_now = states();
    const auto place = std::ranges::mismatch(states_now, states_then).in1 - states_now.begin();
    ASSERT_EQ(static_cast<std::size_t>(place), states_then.size()) << "round " << round;
    ASSERT_EQ(ram(), ram_then) << "round " << round;
  }
  std::uint32_t ticks = 0;
  std::memcpy(&ticks, machine_->memory().at({0x20000}, sizeof ticks), sizeof ticks);
  EXPECT_GT(ticks, 0u) << "the timer interrupts";
}

TEST_F(RealMachine, GoesOnFromThereAsOftenAsWanted) {
  run(300);
  const snapshot::MachineSnapshot snapshot = snapshots_->take();
  const auto time = chipset_.clock.now();
  for (int round = 0; round < 20; ++round) {
    snapshots_->put_back(snapshot);
    EXPECT_EQ(chipset_.clock.now(), time);
    run(100);
    EXPECT_GT(chipset_.clock.now(), time);
  }
}

}  // namespace
}  // namespace gdbvm

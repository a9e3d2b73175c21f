// The board: which device answers where, and what its devices ask of the machine.
#include "vmm/machine/pc_board.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "tests/support/fake/fake_vm.h"
#include "tests/unit/devices/disk_file.h"
#include "tests/unit/devices/recording_sink.h"
#include "vmm/devices/virtio/block.h"
#include "vmm/devices/virtio/entropy.h"
#include "vmm/machine/machine.h"
#include "vmm/x86/power_on.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {
namespace {

namespace wiring = x86::wiring;

boot::BootPlan empty_plan() {
  boot::BootPlan plan;
  plan.system = x86::power_on::system(true);
  plan.general = x86::power_on::general();
  return plan;
}

class PcBoardTest : public testing::Test {
 protected:
  PcBoardTest() { board.connect(machine); }

  // An `out` as the vCPU's thread handles it.
  Outcome out(std::uint16_t port, std::uint32_t value, std::uint8_t size = 1) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    return machine.handle({0}, exits::Io{exits::Io::Direction::Out, size, port, 1, std::span(bytes).first(size)});
  }
  std::uint32_t in(std::uint16_t port, std::uint8_t size = 1) {
    std::array<std::uint8_t, 4> bytes{};
    machine.handle({0}, exits::Io{exits::Io::Direction::In, size, port, 1, std::span(bytes).first(size)});
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  // A line as the I/O APIC sees it.
  bool line(unsigned irq) { return chipset.interrupts.controllers().io_apic.requests >> irq & 1; }
  std::uint32_t virtio_register(unsigned device, std::uint64_t offset) {
    std::array<std::uint8_t, 4> bytes{};
    const Gpa address{wiring::virtio_window + std::uint64_t{device} * wiring::virtio_window_size + offset};
    machine.handle({0}, exits::Mmio{address, exits::Mmio::Direction::Read, bytes});
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  void select_virtio_features(unsigned device, std::uint32_t half) {
    const Gpa select{wiring::virtio_window + std::uint64_t{device} * wiring::virtio_window_size + 0x14};
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &half, sizeof half);
    machine.handle({0}, exits::Mmio{select, exits::Mmio::Direction::Write, bytes});
  }

  FakeVm vm;
  RecordingSink sink, com2_sink;
  Chipset chipset{1};
  PcBoard::SerialOutputs outputs{.com1 = sink, .com2 = com2_sink};
  PcBoard board{chipset, 1 << 20, outputs};
  Machine machine{vm, chipset, 1 << 20, empty_plan()};
};

TEST_F(PcBoardTest, TheGuestEndsTheMachineWithAStatus) {
  const Outcome outcome = out(DebugExit::usual_port, 2, 4);
  ASSERT_TRUE(std::holds_alternative<outcome::Exit>(outcome));
  EXPECT_EQ(std::get<outcome::Exit>(outcome).status, 2 << 1 | 1);
}

TEST_F(PcBoardTest, TheDebugExitPortCanBeChosen) {
  Chipset chosen{1};
  PcBoard its_board{chosen, 1 << 20, outputs, {}, RtcClock::Wall, 0x501};
  EXPECT_FALSE(chosen.bus.is_free(0x501, 4));
  EXPECT_TRUE(chosen.bus.is_free(DebugExit::usual_port, 4));
  Chipset other{1};
  EXPECT_THROW((PcBoard{other, 1 << 20, outputs, {}, RtcClock::Wall, 0x3f6}), std::invalid_argument);
}

TEST_F(PcBoardTest, EmulatorsPowerOffPortsEndIt) {
  const Outcome outcome = out(PowerOffPorts::control_port, 0x2000, 2);
  ASSERT_TRUE(std::holds_alternative<outcome::Exit>(outcome));
  EXPECT_EQ(std::get<outcome::Exit>(outcome).status, 0);
  for (const char c : std::string_view("Shutdow")) out(PowerOffPorts::word_port, static_cast<std::uint8_t>(c));
  EXPECT_TRUE(std::holds_alternative<outcome::Exit>(out(PowerOffPorts::word_port, 'n')));
}

TEST_F(PcBoardTest, BochssConsoleIsTheSerialPortsOutput) {
  EXPECT_EQ(in(DebugConsole::bochs_port), 0xe9u);
  out(DebugConsole::bochs_port, 'x');
  EXPECT_EQ(sink.writes, std::vector<std::string>{"x"});
}

TEST_F(PcBoardTest, SoftOffEndsItWithSuccess) {
  constexpr std::uint16_t sleep_enable = 1 << 13, type = wiring::soft_off_type << 10;
  const Outcome outcome = out(wiring::power_management_port + wiring::pm1_control, sleep_enable | type, 2);
  ASSERT_TRUE(std::holds_alternative<outcome::Exit>(outcome));
  EXPECT_EQ(std::get<outcome::Exit>(outcome).status, 0);
}

TEST_F(PcBoardTest, ThreePortsResetIt) {
  EXPECT_TRUE(std::holds_alternative<outcome::Reset>(out(I8042::command_port, 0xfe)));
  EXPECT_TRUE(std::holds_alternative<outcome::Reset>(out(SystemControlA::port, 1)));
  EXPECT_TRUE(std::holds_alternative<outcome::Reset>(out(ResetControl::port, wiring::reset_control_value)));
}

TEST_F(PcBoardTest, AResetMayEndIt) {
  board.end_at_reset();
  const Outcome outcome = out(ResetControl::port, wiring::reset_control_value);
  ASSERT_TRUE(std::holds_alternative<outcome::Exit>(outcome));
  EXPECT_EQ(std::get<outcome::Exit>(outcome).status, 0);
}

TEST_F(PcBoardTest, TheSerialPortsWriteAndInterrupt) {
  EXPECT_TRUE(std::holds_alternative<outcome::Done>(out(wiring::com1_port, 'x')));
  out(wiring::com2_port, 'y');
  EXPECT_EQ(sink.writes, std::vector<std::string>{"x"});
  EXPECT_EQ(com2_sink.writes, std::vector<std::string>{"y"});
  constexpr std::uint16_t interrupt_enable = 1;
  constexpr std::uint32_t transmitter_empty = 2;
  EXPECT_FALSE(line(wiring::com1_irq));
  out(wiring::com1_port + interrupt_enable, transmitter_empty);
  EXPECT_TRUE(line(wiring::com1_irq));
  EXPECT_FALSE(line(wiring::com2_irq));
  out(wiring::com2_port + interrupt_enable, transmitter_empty);
  EXPECT_TRUE(line(wiring::com2_irq));
}

TEST_F(PcBoardTest, TheKeyboardAndTheMouseInterrupt) {
  chipset.keyboard->press(*ps2::parse_keys("a"));
  EXPECT_TRUE(line(I8042::keyboard_irq));
  EXPECT_EQ(in(I8042::data_port), 0x1eu);
  EXPECT_FALSE(line(I8042::keyboard_irq));
  for (const auto& [port, value] : {std::pair{I8042::command_port, 0x60u},
                                    {I8042::data_port, 0x03u},
                                    {I8042::command_port, 0xd4u},
                                    {I8042::data_port, 0xf4u}}) {
    out(port, value);
  }
  EXPECT_TRUE(line(I8042::mouse_irq));
}

TEST_F(PcBoardTest, TheFramebufferIsFoundByItsPortsAndByPci) {
  out(0x1ce, vga::linear::memory_64k, 2);
  EXPECT_EQ(in(0x1cf, 2), 256u);
  out(PciConfiguration::address_port, 0x80001000, 4);
  EXPECT_EQ(in(PciConfiguration::data_port, 4), 0x11111234u);
  out(PciConfiguration::address_port, 0x80001010, 4);
  EXPECT_EQ(in(PciConfiguration::data_port, 4), 0xfd000008u);
  EXPECT_EQ(machine.memory().display()->start, Gpa{0xfd000000});
  out(PciConfiguration::data_port, 0xe0000000, 4);
  std::array<std::uint8_t, 1> pixel{0x5a};
  machine.handle({0}, exits::Mmio{{0xe0000007}, exits::Mmio::Direction::Write, pixel});
  EXPECT_EQ(*machine.memory().at({0xfd000007}, 1), std::byte{0x5a});
  EXPECT_EQ(chipset.linear_display->mode(), std::nullopt);
}

TEST_F(PcBoardTest, TheFirmwaresLogIsThereWhereItIsAskedFor) {
  EXPECT_EQ(in(DebugConsole::firmware_port), 0xffu);
  Chipset with_firmware{1};
  PcBoard its_board{with_firmware, 1 << 20, outputs};
  RecordingSink log, console;
  its_board.attach_firmware_log(log);
  its_board.set_debug_console(console);
  std::array<std::uint8_t, 1> byte{};
  with_firmware.bus.read(DebugConsole::firmware_port, byte);
  EXPECT_EQ(byte[0], 0xe9);
  with_firmware.bus.write(DebugConsole::firmware_port, byte);
  with_firmware.bus.write(DebugConsole::bochs_port, byte);
  EXPECT_EQ(log.writes.size(), 1u);
  EXPECT_EQ(console.writes.size(), 1u);
  EXPECT_TRUE(sink.writes.empty());
}

TEST_F(PcBoardTest, FirmwareIsToldOfTheMachine) {
  EXPECT_EQ(in(FwCfg::port + 1), 0xffu);
  board.attach_fw_cfg({});
  out(FwCfg::port, 5, 2);  // the CPUs
  EXPECT_EQ(in(FwCfg::port + 1), 1u);
  EXPECT_EQ(in(FwCfg::dma_port, 4), 0x554d4551u);
}

TEST_F(PcBoardTest, PciHasItsHostBridge) {
  out(PciConfiguration::address_port, 0x80000000, 4);
  EXPECT_NE(in(PciConfiguration::data_port, 4), 0xffffffffu);
}

TEST_F(PcBoardTest, TheClockKnowsTheMemory) {
  out(wiring::rtc_port, 0x17);  // extended memory, in KiB: low byte
  EXPECT_EQ(in(wiring::rtc_port + 1), 0u);
  EXPECT_EQ(in(0x81), 0xffu) << "where no device is";
}

TEST(PcBoardRtc, KeepsTheMachinesTimeIfItIsAskedTo) {
  using namespace std::chrono_literals;
  Clock::HostTime host{};
  Chipset chipset(1, [&] { return host; });
  RecordingSink sink;
  const auto before = Cmos::host_time();
  PcBoard board(chipset, 1 << 20, {.com1 = sink, .com2 = sink}, {}, RtcClock::Machine);
  const auto read = [&](std::uint8_t index) {
    std::array<std::uint8_t, 1> byte{index};
    chipset.bus.write(wiring::rtc_port, byte);
    chipset.bus.read(wiring::rtc_port + 1, byte);
    return (byte[0] >> 4) * 10 + (byte[0] & 0xf);
  };
  const auto shown = [&] { return read(4) * 3600s + read(2) * 60s + read(0) * 1s; };
  const auto day = std::chrono::floor<std::chrono::days>(before);
  const auto start = shown();
  EXPECT_NEAR(static_cast<double>((start - std::chrono::floor<std::chrono::seconds>(before - day)).count()), 0, 5)
      << "the host's time of day";
  host += 1h;
  EXPECT_EQ(shown(), start) << "the machine stands";
  chipset.clock.go();
  host += 2min;
  const auto later = (shown() - start + 24h) % 24h;
  EXPECT_EQ(later, 2min);
}

TEST_F(PcBoardTest, EachVirtioDeviceHasAWindow) {
  constexpr std::uint32_t magic = 0x74726976, entropy = 4;
  EXPECT_EQ(virtio_register(0, 0), 0xffffffffu);
  board.attach(std::make_unique<virtio::Entropy>());
  board.attach(std::make_unique<virtio::Entropy>());
  for (const unsigned device : {0u, 1u}) {
    EXPECT_EQ(virtio_register(device, 0), magic);
    EXPECT_EQ(virtio_register(device, 8), entropy);
  }
  EXPECT_EQ(virtio_register(2, 0), 0xffffffffu);
}

TEST_F(PcBoardTest, EveryDeviceHasItsStateRestored) {
  board.attach(std::make_unique<virtio::Entropy>());
  constexpr std::uint16_t serial_scratch = wiring::com1_port + 7, power_enable = wiring::power_management_port + 2;
  const auto change = [&](std::uint8_t value) {
    out(serial_scratch, value);
    out(0x3d4, value);
    out(PostPort::port, value);
    in(I8042::data_port);
    if (value) out(I8042::command_port, 0xaa);
    out(SystemControlA::port, value);
    out(ResetControl::port, value);
    out(PciConfiguration::address_port, value * 0x100u, 4);
    out(wiring::rtc_port, 0x40);
    out(wiring::rtc_port + 1, value);
    out(power_enable, value);
    select_virtio_features(0, value == 2);
  };
  const auto registers = [&] {
    return std::array{in(serial_scratch),
                      in(SystemControlA::port),
                      in(ResetControl::port),
                      in(PciConfiguration::address_port, 4),
                      in(wiring::rtc_port + 1),
                      in(power_enable),
                      virtio_register(0, 0x10),
                      in(I8042::command_port),
                      in(0x3d4),
                      in(PostPort::port)};
  };
  change(2);
  const auto before = registers();
  StateWriter writer;
  chipset.states.save(writer);
  change(0);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NE(registers()[i], before[i]) << i;
  StateReader reader(writer.bytes());
  chipset.states.restore(reader);
  EXPECT_EQ(registers(), before);
}

TEST_F(PcBoardTest, KnowsItsDisks) {
  const DiskFile file(512);
  board.attach(std::make_unique<virtio::Block>(file.path(), DiskMode::ReadOnly));
  board.attach(std::make_unique<virtio::Entropy>());
  ASSERT_EQ(chipset.disks.size(), 1u);
  EXPECT_EQ(chipset.disks[0]->sectors(), 1u);
}

TEST_F(PcBoardTest, DrivesAreWherePcsHaveThem) {
  const DiskFile file(512);
  board.attach(IdeDrives{});
  EXPECT_EQ(in(0x1f7), 0xffu);
  out(PciConfiguration::address_port, 0x80000900, 4);
  EXPECT_EQ(in(PciConfiguration::data_port, 4), 0xffffffffu);

  board.attach(ide_drives(std::vector<Disk>{{file.path(), DiskMode::ReadOnly, DiskBus::Ide},
                                            {file.path(), DiskMode::ReadOnly, DiskBus::Cdrom}}));
  EXPECT_EQ(in(PciConfiguration::data_port, 4), 0x70108086u);
  EXPECT_EQ(chipset.disks.size(), 2u);
  for (const auto& [port, irq] : {std::pair<std::uint16_t, unsigned>{0x1f0, 14}, {0x170, 15}}) {
    EXPECT_EQ(in(port + 0x206), 0x50u);
    EXPECT_FALSE(line(irq));
    out(port + 7, 0xec);
    EXPECT_TRUE(line(irq));
  }
  EXPECT_NE(in(0xc002), 0xffu);
  StateWriter writer;
  chipset.states.save(writer);
  EXPECT_NE(std::string_view(reinterpret_cast<const char*>(writer.bytes().data()), writer.bytes().size()).find("ide"),
            std::string_view::npos);
}

TEST_F(PcBoardTest, AnotherBoardsStateIsRefused) {
  StateWriter writer;
  chipset.states.save(writer);
  board.attach(std::make_unique<virtio::Entropy>());
  StateReader reader(writer.bytes());
  EXPECT_THROW(chipset.states.restore(reader), StateError);
}

}  // namespace
}  // namespace gdbvm

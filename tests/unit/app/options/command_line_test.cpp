// The command line: what it means, and what is refused.
#include "vmm/app/options/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Words = std::vector<const char*>;

std::variant<Options, DoctorOptions, ExitNow> parse(Words words) {
  words.insert(words.begin(), "gdbvm");
  return parse_options(static_cast<int>(words.size()), words.data());
}
Options options(const Words& words) {
  const auto parsed = parse(words);
  if (const auto* exit = std::get_if<ExitNow>(&parsed)) {
    ADD_FAILURE() << exit->text;
    return {};
  }
  return std::get<Options>(parsed);
}
ExitNow exit_now(const Words& words) {
  const auto parsed = parse(words);
  return std::holds_alternative<ExitNow>(parsed) ? std::get<ExitNow>(parsed) : ExitNow{-1, "accepted"};
}

TEST(Options, Coverage) {
  const Options o = options({"--coverage", "k.info", "--coverage-of", "kernel/*", "--coverage-of", "mm/*", "k.elf"});
  EXPECT_EQ(o.observation.coverage, "k.info");
  EXPECT_THAT(o.observation.coverage_of, ElementsAre("kernel/*", "mm/*"));
  EXPECT_EQ(o.guest.image, "k.elf");
}

TEST(Options, Defaults) {
  const Options o = options({"k.elf"});
  EXPECT_EQ(o.guest.image, "k.elf");
  EXPECT_EQ(o.guest.load.name, "k.elf");
  EXPECT_EQ(o.guest.memory, 256u << 20);
  EXPECT_EQ(o.guest.cpus, 1u);
  EXPECT_EQ(o.guest.rtc, RtcClock::Wall);
  EXPECT_EQ(o.guest.debug_exit_port, 0xf4);
  EXPECT_EQ(o.debugger.endpoint, gdbstub::Endpoint(gdbstub::TcpEndpoint{"127.0.0.1", 1234}));
  EXPECT_EQ(o.debugger.start, StartMode::Wait);
  EXPECT_EQ(o.debugger.on_detach, OnDetach::Run);
  EXPECT_EQ(o.io.serial, SerialEndpoint(serial_endpoint::Stdio{true}));
  EXPECT_EQ(o.io.serial2, SerialEndpoint(serial_endpoint::None{}));
  EXPECT_FALSE(o.io.trace_kvm || o.io.trace_io || o.io.trace_irq || o.io.trace_rsp || o.guest.load.load ||
               o.guest.load.mode);
  EXPECT_TRUE(o.command.empty());
}

TEST(Options, Everything) {
  const Options o =
      options({"--gdb",    ":5555",   "--run",    "--on-detach", "quit",        "--memory", "1G",       "--load",
               "0xf0000",  "--mode",  "real",     "--boot",      "flat",        "--serial", "file:out", "--trace",
               "kvm",      "--trace", "io:ports", "--trace",     "rsp:packets", "--cpus",   "4",        "--trace",
               "irq:irqs", "--rtc",   "machine",  "--serial2",   "pty",         "image.bin"});
  EXPECT_EQ(o.guest.image, "image.bin");
  EXPECT_EQ(o.debugger.endpoint, gdbstub::Endpoint(gdbstub::TcpEndpoint{"127.0.0.1", 5555}));
  EXPECT_EQ(o.debugger.start, StartMode::Run);
  EXPECT_EQ(o.debugger.on_detach, OnDetach::Quit);
  EXPECT_EQ(o.guest.memory, 1u << 30);
  EXPECT_EQ(o.guest.load.load, Gpa{0xf0000});
  EXPECT_EQ(o.guest.load.mode, boot::Mode::Real);
  EXPECT_EQ(o.guest.load.protocol, boot::Protocol::Flat);
  EXPECT_EQ(o.io.serial, SerialEndpoint(serial_endpoint::File{"out"}));
  EXPECT_EQ(o.io.serial2, SerialEndpoint(serial_endpoint::Pty{}));
  EXPECT_EQ(o.io.trace_kvm, TraceOutput{""});
  EXPECT_EQ(o.io.trace_io, TraceOutput{"ports"});
  EXPECT_EQ(o.io.trace_irq, TraceOutput{"irqs"});
  EXPECT_EQ(o.io.trace_rsp, TraceOutput{"packets"});
  EXPECT_EQ(o.guest.rtc, RtcClock::Machine);
  EXPECT_EQ(o.guest.cpus, 4u);
}

TEST(Options, TheDisplay) {
  EXPECT_EQ(options({"k.elf"}).io.display, Display::None);
  EXPECT_EQ(options({"--display", "terminal", "k.elf"}).io.display, Display::Terminal);
  const IoOptions vnc = options({"--display", "vnc", "k.elf"}).io;
  EXPECT_EQ(vnc.display, Display::Vnc);
  EXPECT_EQ(vnc.vnc, gdbstub::Endpoint(gdbstub::TcpEndpoint{"127.0.0.1", 5900}));
  EXPECT_EQ(options({"--display", "vnc=0.0.0.0:1", "k.elf"}).io.vnc,
            gdbstub::Endpoint(gdbstub::TcpEndpoint{"0.0.0.0", 1}));
}

TEST(Options, TheDebugExitPort) {
  EXPECT_EQ(options({"--debug-exit", "0x501", "k.elf"}).guest.debug_exit_port, 0x501);
  EXPECT_EQ(options({"--debug-exit", "0xfffc", "k.elf"}).guest.debug_exit_port, 0xfffc);
}

TEST(Options, TheClockAsInQemu) {
  EXPECT_EQ(options({"-rtc", "clock=vm", "k.elf"}).guest.rtc, RtcClock::Machine);
  EXPECT_EQ(options({"-rtc", "clock=host", "k.elf"}).guest.rtc, RtcClock::Wall);
}

TEST(Options, OrderDoesNotMatter) {
  const Options o = options({"k.elf", "--trace", "kvm", "--run"});
  EXPECT_EQ(o.guest.image, "k.elf");
  EXPECT_EQ(o.debugger.start, StartMode::Run);
  EXPECT_EQ(options({"--trace", "kvm", "k.elf"}).guest.image, "k.elf");
}

TEST(Options, QemuAliases) {
  const Options o = options({"-s", "-S", "-m", "64M", "-kernel", "k.elf", "-serial", "none"});
  EXPECT_EQ(o.guest.image, "k.elf");
  EXPECT_EQ(o.debugger.endpoint, gdbstub::Endpoint(gdbstub::TcpEndpoint{"127.0.0.1", 1234}));
  EXPECT_EQ(o.guest.memory, 64u << 20);
  EXPECT_EQ(o.io.serial, SerialEndpoint(serial_endpoint::None{}));
  EXPECT_EQ(o.debugger.start, StartMode::Wait);
  EXPECT_EQ(options({"-m", "512", "k"}).guest.memory, 512u << 20);
  EXPECT_EQ(options({"--kernel", "k"}).guest.image, "k");
}

TEST(Options, ALineOfQemusHasItsDefaults) {
  const Options o = options({"-nographic", "-smp", "2", "-device", "isa-debug-exit", "-no-reboot", "-kernel", "k"});
  EXPECT_EQ(o.guest.image, "k");
  EXPECT_EQ(o.guest.memory, 128u << 20);
  EXPECT_EQ(o.guest.cpus, 2u);
  EXPECT_EQ(o.guest.debug_exit_port, 0x501);
  EXPECT_TRUE(o.guest.no_reboot);
  EXPECT_EQ(o.debugger.start, StartMode::Run);
  EXPECT_EQ(o.debugger.endpoint, std::nullopt);
  EXPECT_EQ(o.io.serial, SerialEndpoint(serial_endpoint::Stdio{}));
  EXPECT_EQ(options({"-append", "-hda -S", "-gdb", "tcp::7", "k"}).guest.load.command_line, "-hda -S");
  EXPECT_EQ(options({"k", "-nographic", "--", "gdb"}).command.size(), 1u);
}

TEST(Options, WhatAKernelIsStartedWith) {
  const Options o = options({"--boot", "pvh", "--initrd", "a", "--initrd", "b x=1", "--append", "quiet -1", "k"});
  EXPECT_EQ(o.guest.load.protocol, boot::Protocol::Pvh);
  EXPECT_THAT(o.guest.initrds, ElementsAre("a", "b x=1"));
  EXPECT_EQ(o.guest.load.command_line, "quiet -1");
  EXPECT_EQ(options({"-initrd", "a", "-append", "b c", "k"}).guest.load.command_line, "b c");
  EXPECT_EQ(options({"--boot", "linux", "k"}).guest.load.protocol, boot::Protocol::Linux);
  EXPECT_EQ(options({"--boot", "multiboot", "k"}).guest.load.protocol, boot::Protocol::Multiboot);
}

TEST(Options, Disks) {
  EXPECT_THAT(options({"--disk", "a", "--disk", "b,ro", "--disk", "c,rw", "--disk", "d,snapshot", "k"}).guest.disks,
              ElementsAre(Disk{"a", DiskMode::ReadWrite}, Disk{"b", DiskMode::ReadOnly},
                          Disk{"c,rw", DiskMode::ReadWrite}, Disk{"d", DiskMode::Snapshot}));
  EXPECT_THAT(
      options({"--disk", "a,ide", "--disk", "b,ro,virtio", "--disk", "c,cdrom", "--disk", "d,ide,snapshot", "k"})
          .guest.disks,
      ElementsAre(Disk{"a", DiskMode::ReadWrite, DiskBus::Ide}, Disk{"b", DiskMode::ReadOnly, DiskBus::Virtio},
                  Disk{"c", DiskMode::ReadWrite, DiskBus::Cdrom}, Disk{"d", DiskMode::Snapshot, DiskBus::Ide}));
  EXPECT_TRUE(options({"k"}).guest.disks.empty());
}

TEST(Options, ASnapshotStandsInPlaceOfAnImage) {
  const Options o = options({"--restore", "booted"});
  EXPECT_EQ(o.guest.restore, "booted");
  EXPECT_EQ(o.guest.image, "");
  EXPECT_FALSE(o.guest.memory_given || o.guest.cpus_given);
  const Options with = options({"--restore", "booted", "-m", "1G", "--cpus", "2", "vmlinux", "--", "gdb"});
  EXPECT_EQ(with.guest.image, "vmlinux");
  EXPECT_TRUE(with.guest.memory_given && with.guest.cpus_given);
  EXPECT_THAT(with.command, ElementsAre("gdb"));
}

TEST(Options, ARecordingStandsInPlaceOfAnImage) {
  const Options o = options({"--replay", "crash"});
  EXPECT_EQ(o.guest.restore, "crash");
  EXPECT_TRUE(o.guest.replays);
  EXPECT_EQ(o.guest.image, "");
  EXPECT_FALSE(options({"--restore", "booted"}).guest.replays);
}

TEST(Options, ARecordingNeedsAHistory) {
  EXPECT_EQ(options({"--record", "crash", "k"}).debugger.record, "crash");
  EXPECT_EQ(options({"--record", "crash", "k"}).debugger.history, 256u << 20);
  EXPECT_EQ(options({"--record", "crash", "--history", "1M", "k"}).debugger.history, 1u << 20);
  EXPECT_EQ(options({"k"}).debugger.history, 0u);
}

TEST(Options, FirmwareStandsInPlaceOfAnImage) {
  for (const char* spelling : {"--bios", "-bios"}) {
    const Options o = options({spelling, "bios.bin"});
    EXPECT_EQ(o.guest.image, "bios.bin");
    EXPECT_EQ(o.guest.load.name, "bios.bin");
    EXPECT_EQ(o.guest.load.protocol, boot::Protocol::Firmware);
  }
}

TEST(Options, MemorySizes) {
  EXPECT_EQ(options({"-m", "64k", "i"}).guest.memory, 64u << 10);
  EXPECT_EQ(options({"-m", "4T", "i"}).guest.memory, std::uint64_t{4} << 40);
  EXPECT_EQ(options({"--memory=3G", "i"}).guest.memory, std::uint64_t{3} << 30);
}

TEST(Options, ACommandBehindTheSeparator) {
  const Options o = options({"--run", "k.elf", "--", "gdb", "-s", "--", "--help"});
  EXPECT_THAT(o.command, ElementsAre("gdb", "-s", "--", "--help"));
  EXPECT_EQ(o.io.serial, SerialEndpoint(serial_endpoint::Stdio{false}));  // the terminal is the command's
  EXPECT_EQ(o.debugger.start, StartMode::Run);
}

TEST(Options, TheSerialPortLeavesStdioToTheDebugger) {
  EXPECT_EQ(options({"--gdb", "stdio", "k"}).io.serial, SerialEndpoint(serial_endpoint::Stderr{}));
  EXPECT_EQ(options({"--gdb", "stdio", "k"}).debugger.on_detach, OnDetach::Quit);
  EXPECT_EQ(options({"--gdb", "stdio", "--on-detach", "run", "k"}).debugger.on_detach, OnDetach::Run);
  EXPECT_EQ(options({"--gdb", "stdio", "--serial", "none", "k"}).io.serial, SerialEndpoint(serial_endpoint::None{}));
}

TEST(Options, DebuggerAddresses) {
  EXPECT_EQ(options({"--gdb", "[::1]:0", "k"}).debugger.endpoint, gdbstub::Endpoint(gdbstub::TcpEndpoint{"::1", 0}));
  EXPECT_EQ(options({"--gdb", "unix:/tmp/g", "k"}).debugger.endpoint,
            gdbstub::Endpoint(gdbstub::UnixEndpoint{"/tmp/g"}));
  EXPECT_EQ(options({"--gdb", "none", "--run", "k"}).debugger.endpoint, std::nullopt);
}

TEST(Options, Doctor) {
  EXPECT_FALSE(std::get<DoctorOptions>(parse({"doctor"})).json);
  EXPECT_TRUE(std::get<DoctorOptions>(parse({"doctor", "--json"})).json);
  EXPECT_EQ(exit_now({"doctor", "k.elf"}).status, 2);
  EXPECT_EQ(options({"./doctor"}).guest.image, "./doctor");
}

TEST(Options, HelpAndVersion) {
  EXPECT_THAT(exit_now({"-nographic", "-help"}).text, HasSubstr("\n-gdb VALUE\n"));
  const ExitNow help = exit_now({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* each : {"gdbvm [OPTIONS] IMAGE", "--on-detach", "--trace", "-kernel", "Exit status", "{remote}",
                           "--load", "GDBVM_REMOTE", "doctor"}) {
    EXPECT_THAT(help.text, HasSubstr(each));
  }
  EXPECT_THAT(exit_now({"--version"}).text, testing::MatchesRegex("gdbvm [0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_EQ(exit_now({"--version"}).status, 0);
  EXPECT_THAT(exit_now({"doctor", "--help"}).text, HasSubstr("--json"));
}

struct BadLine {
  const char* name;
  Words words;
  const char* sentence;
};
class BadLineTest : public testing::TestWithParam<BadLine> {};

TEST_P(BadLineTest, IsRefusedInOneSentence) {
  const ExitNow exit = exit_now(GetParam().words);
  EXPECT_EQ(exit.status, 2);
  EXPECT_THAT(exit.text, HasSubstr(GetParam().sentence));
  EXPECT_THAT(exit.text, Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadLineTest,
    testing::Values(
        BadLine{"no_image", {}, "no IMAGE"}, BadLine{"empty_image", {""}, "no IMAGE"},
        BadLine{"two_images", {"a", "b"}, "b"}, BadLine{"two_images_dashes", {"--kernel", "a", "b"}, "not expected: b"},
        BadLine{"qemu_device", {"-kernel", "k", "-device", "e1000"}, "-device e1000: "},
        BadLine{"qemu_disk_missing", {"-hda"}, "-hda needs a value"}, BadLine{"qemu_unknown", {"-hdz", "k"}, "-hdz"},
        BadLine{"unknown_option", {"--frobnicate", "k"}, "--frobnicate"}, BadLine{"unknown_short", {"-z", "k"}, "-z"},
        BadLine{"given_twice", {"--memory", "1G", "--memory", "2G", "k"}, "--memory is given more than once"},
        BadLine{"kernel_twice", {"--kernel", "a", "--kernel", "b"}, "IMAGE is given more than once"},
        BadLine{"value_missing", {"k", "--gdb"}, "--gdb"},
        BadLine{"memory_zero", {"-m", "0", "k"}, "not a positive multiple of 4K"},
        BadLine{"memory_odd", {"-m", "5K", "k"}, "multiple of 4K"},
        BadLine{"memory_word", {"-m", "lots", "k"}, "'lots'"}, BadLine{"memory_unit", {"-m", "8E", "k"}, "'8E'"},
        BadLine{"memory_negative", {"--memory=-1", "k"}, "'-1'"},
        BadLine{"memory_huge", {"-m", "9223372036854775808", "k"}, "more than 4T"},
        BadLine{"memory_overflow", {"-m", "99999999999999999999G", "k"}, "more than 4T"},
        BadLine{"memory_wraps", {"-m", "17592186044417T", "k"}, "more than 4T"},
        BadLine{"cpus_zero", {"--cpus", "0", "k"}, "--cpus"}, BadLine{"cpus_many", {"--cpus", "256", "k"}, "--cpus"},
        BadLine{"load_word", {"--load", "here", "k"}, "not an address"},
        BadLine{"load_empty_hex", {"--load", "0x", "k"}, "not an address"},
        BadLine{"load_wide", {"--load", "0x10000000000000000", "k"}, "not an address"},
        BadLine{"mode", {"--mode", "quantum", "k"}, "quantum"}, BadLine{"boot", {"--boot", "magic", "k"}, "magic"},
        BadLine{"restore_and_append", {"--restore", "s", "--append", "x"}, "--append contradicts"},
        BadLine{"restore_and_load", {"--restore", "s", "--load", "1"}, "--load contradicts"},
        BadLine{"restore_and_mode", {"--restore", "s", "--mode", "long"}, "--mode contradicts"},
        BadLine{"restore_and_boot", {"--restore", "s", "--boot", "elf"}, "--boot contradicts"},
        BadLine{"restore_and_initrd", {"--restore", "s", "--initrd", "i"}, "--initrd contradicts"},
        BadLine{"restore_and_bios", {"--restore", "s", "--bios", "b"}, "--bios contradicts"},
        BadLine{"replay_and_append", {"--replay", "s", "--append", "x"}, "--replay goes on"},
        BadLine{"replay_and_restore", {"--replay", "s", "--restore", "r"}, "contradict"},
        BadLine{"replay_and_run", {"--replay", "s", "--run"}, "a debugger is needed"},
        BadLine{"replay_and_record", {"--replay", "s", "--record", "r"}, "contradict"},
        BadLine{"replay_and_history", {"--replay", "s", "--history", "1M"}, "contradict"},
        BadLine{"record_and_no_history", {"--record", "r", "--history", "off", "k"}, "contradict"},
        BadLine{"bios_and_boot", {"--bios", "b", "--boot", "elf"}, "contradict"},
        BadLine{"on_detach", {"--on-detach", "explode", "k"}, "explode"},
        BadLine{"log", {"--log", "debug", "k"}, "--log"},
        BadLine{"gdb_port", {"--gdb", "127.0.0.1:99999", "k"}, "99999"},
        BadLine{"gdb_word", {"--gdb", "x", "k"}, "'x'"},
        BadLine{"serial", {"--serial", "carrier-pigeon", "k"}, "carrier-pigeon"},
        BadLine{"serial2", {"--serial2", "carrier-pigeon", "k"}, "--serial2: 'carrier-pigeon'"},
        BadLine{"serial2_stdio", {"--serial2", "stdio", "k"}, "standard input and output"},
        BadLine{"trace", {"--trace", "nothing", "k"}, "'nothing'"},
        BadLine{"display", {"--display", "wall", "k"}, "wall"},
        BadLine{"vnc_port", {"--display", "vnc=:x", "k"}, "not a port number"},
        BadLine{"vnc_stdio", {"--display", "vnc=stdio", "k"}, "'stdio' is not ADDRESS:PORT or unix:PATH"},
        BadLine{"debug_console", {"--debug-console", "pty", "k"}, "is not stdio, stderr, none or file:PATH"},
        BadLine{"log_and_stdio", {"--gdb", "stdio", "--firmware-log", "stdio", "k"}, "--firmware-log stdio contradict"},
        BadLine{"display_and_console",
                {"--display", "terminal", "--serial", "none", "--debug-console", "stdio", "k"},
                "--display terminal and --debug-console stdio contradict"},
        BadLine{"display_and_stdio", {"--display", "terminal", "--gdb", "stdio", "k"}, "contradict each other"},
        BadLine{"display_and_command", {"--display", "terminal", "k", "--", "sh"}, "has the terminal's keys"},
        BadLine{"debug_exit", {"--debug-exit", "0xfffd", "k"}, "'0xfffd' is not a port"},
        BadLine{"debug_exit_word", {"--debug-exit", "com1", "k"}, "'com1' is not a port"},
        BadLine{"rtc", {"--rtc", "sundial", "k"}, "sundial"},
        BadLine{"trace_no_file", {"--trace", "kvm:", "k"}, "names no file"},
        BadLine{"trace_twice", {"--trace", "kvm", "--trace", "kvm:f", "k"}, "twice"},
        BadLine{"both_stdio", {"--gdb", "stdio", "--serial", "stdio", "k"}, "contradict"},
        BadLine{"never_started", {"--gdb", "none", "k"}, "add --run"},
        BadLine{"wait_and_run", {"-S", "--run", "k"}, "contradict"},
        BadLine{"two_addresses", {"-s", "--gdb", ":1", "k"}, "contradict"},
        BadLine{"command_missing", {"k", "--"}, "no COMMAND"},
        BadLine{"command_without_gdb", {"--gdb", "none", "--run", "k", "--", "sh"}, "COMMAND"},
        BadLine{"stop_with_stdio", {"--gdb", "stdio", "--on-detach", "stop", "k"}, "no other debugger"},
        BadLine{"command_with_stdio", {"--gdb", "stdio", "k", "--", "sh"}, "COMMAND"},
        BadLine{"doctor_option", {"doctor", "--run"}, "--run"}),
    [](const auto& test) { return test.param.name; });

TEST(Options, NoArgumentsAtAll) { EXPECT_TRUE(std::holds_alternative<ExitNow>(parse_options(0, nullptr))); }

}  // namespace
}  // namespace gdbvm

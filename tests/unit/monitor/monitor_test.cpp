// Monitor commands on a machine of fake CPUs: what they find, print and refuse.
#include "vmm/monitor/monitor.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/temporary_directory.h"
#include "tests/unit/debug/rig.h"
#include "tests/unit/devices/fake_timer.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/devices/ps2/i8042.h"
#include "vmm/devices/vga/vga.h"

namespace gdbvm {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

struct MonitorTest : testing::Test {
  Rig rig{everything_works(), 2};
  Events events;
  bool has_quit = false;
  Debuggee debuggee{rig.machine,
                    {.features = x86::all_cpu_features(),
                     .probe = [] { return everything_works(); },
                     .quit = [this] { has_quit = true; }},
                    [this](gdbstub::TargetEvent event) { events.post(std::move(event)); }};
  MonitorSelection selection;
  int pieces = 0;  // of the last command

  // The output, followed by "error: ..." if there is one.
  std::string run(std::string_view line, unsigned cpu = 0) {
    std::string text;
    const Print print = [&](std::string_view more) { text += more; };
    MonitorContext context{debuggee, selection.cpu.value_or(gdbstub::ThreadId{cpu + 1}), selection, print, {}};
    const auto done = run_monitor_command(context, line);
    for (pieces = 0; context.rest; ++pieces) {
      if (context.rest(print) != gdbstub::Progress::Unfinished) context.rest = {};
    }
    return done ? text : text + "error: " + done.error().text;
  }
};

TEST_F(MonitorTest, HelpNamesEveryCommand) {
  const std::string help = run("help");
  for (const MonitorCommand& command : monitor_commands()) EXPECT_THAT(help, HasSubstr(command.name));
  EXPECT_EQ(run("frobnicate"), "error: unknown monitor command 'frobnicate'; `help` lists them all");
  EXPECT_EQ(run(""), "error: no monitor command is given; `help` lists them all");
  EXPECT_EQ(run("info"), "error: unknown monitor command 'info'; `help` lists them all");
}

TEST_F(MonitorTest, CoverageThatCannotBeHad) {
  EXPECT_EQ(run("coverage on"), "error: there is no program");
  EXPECT_EQ(run("info coverage"), "error: nothing has been looked at: coverage on");
  EXPECT_EQ(run("coverage save x.info"), "error: nothing has been looked at: coverage on");
  EXPECT_EQ(run("coverage save"), "error: usage: coverage save FILE");
}

TEST_F(MonitorTest, HalfACommandIsToldTheOtherHalf) {
  EXPECT_EQ(run("catch"), "error: unknown monitor command 'catch'; there is `catch exception VECTOR|#NAME|all|none`");
  EXPECT_EQ(run("set interrupts on"),
            "error: unknown monitor command 'set interrupts on'; there is `set step-interrupts [on|off]`");
}

struct KeyboardCommands : MonitorTest {
  KeyboardCommands() { rig.chipset.keyboard = &keyboard; }
  // All that it has sent by now, each byte a millisecond after the one before.
  std::vector<std::uint8_t> sent() {
    std::vector<std::uint8_t> bytes;
    for (std::uint8_t byte = 0;;) {
      keyboard.read(I8042::command_offset, std::span(&byte, 1));
      if (!(byte & 1)) return bytes;
      keyboard.read(0, std::span(&byte, 1));
      bytes.push_back(byte);
      now += I8042::byte_time;
    }
  }
  std::chrono::nanoseconds now{0};
  FakeTimer timer;
  I8042 keyboard{{[](bool) {}, [](bool) {}, [] {}, timer, [this] { return now; }}};
};

TEST_F(KeyboardCommands, KeysByName) {
  EXPECT_EQ(run("sendkey ctrl-c"), "");
  EXPECT_THAT(sent(), testing::ElementsAre(0x1d, 0x2e, 0xae, 0x9d));
  EXPECT_THAT(run("sendkey ctrl-frob"), StartsWith("error: 'frob' is not a key"));
  EXPECT_EQ(run("sendkey"), "error: usage: sendkey KEY[-KEY]...");
  EXPECT_EQ(run("sendkey a 100"), "error: usage: sendkey KEY[-KEY]...");
}

TEST_F(KeyboardCommands, TextWithItsSpaces) {
  EXPECT_EQ(run(R"(type a  \\\n)"), "");
  EXPECT_THAT(sent(), testing::ElementsAre(0x1e, 0x9e, 0x39, 0xb9, 0x39, 0xb9, 0x2b, 0xab, 0x1c, 0x9c));
  EXPECT_EQ(run("type"), "error: usage: type TEXT");
  EXPECT_EQ(run(R"(type a\x)"), R"(error: after \ comes n, t, e or another \)");
  EXPECT_THAT(run("type \xc3\xa4"), StartsWith("error: no key of a US keyboard types '\xc3\xa4'"));
  EXPECT_THAT(sent(), testing::IsEmpty());
}

TEST_F(MonitorTest, AMachineMayHaveNoKeyboardAndNoDisplay) {
  EXPECT_EQ(run("sendkey a"), "error: this machine has no keyboard");
  EXPECT_EQ(run("screen"), "error: this machine has no display");
}

TEST_F(MonitorTest, TheScreensText) {
  Vga display{[] { return std::chrono::nanoseconds(0); }};
  rig.chipset.display = &display;
  EXPECT_EQ(run("screen"), "the screen is empty\n");
  rig.place(0xb8000 + 2 * 80, {'H', 7, 'i', 0x1f, 3, 7});
  EXPECT_EQ(run("screen"), "\nHi\u2665\n");
  const auto write = [&](std::uint16_t port, std::uint8_t value) { display.write(port, std::span(&value, 1)); };
  write(0x3ce, 6);
  write(0x3cf, 5);
  EXPECT_EQ(run("screen"),
            "error: the display is in a graphics mode: there is no text on it, but a picture (screendump FILE)");
}

struct Screendump : MonitorTest {
  Screendump() { rig.chipset.display = &display; }
  void set(std::uint16_t port, std::uint8_t index, std::uint8_t value) {
    for (const std::uint8_t byte : {index, value}) display.write(port++, std::span(&byte, 1));
  }
  std::string contents() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/a picture.png";
  Vga display{[] { return std::chrono::nanoseconds(0); }};
};

TEST_F(Screendump, IsAPng) {
  EXPECT_EQ(run("screendump " + path), path + ": 720 by 400 pixels\n");
  EXPECT_THAT(contents(), StartsWith("\x89PNG\r\n\x1a\n"));
  const std::string before = contents();
  rig.place(0xb8000, {'H', 7});
  run("screendump " + path);
  EXPECT_NE(contents(), before) << "it is replaced";
}

TEST_F(Screendump, SaysWhyThereIsNone) {
  EXPECT_EQ(run("screendump"), "error: usage: screendump FILE");
  EXPECT_EQ(run("screendump /absent/picture"), "error: cannot write /absent/picture: No such file or directory");
  std::ofstream(path) << "a photograph";
  EXPECT_THAT(run("screendump " + path), StartsWith("error: cannot write " + path));
  EXPECT_EQ(contents(), "a photograph");
  set(0x3ce, 6, 5);
  EXPECT_EQ(run("screendump x"), "error: the display is in a mode of 16 colours, whose planes gdbvm does not have");
  set(0x3c4, 1, 0x20);
  EXPECT_EQ(run("screendump x"), "error: the screen is switched off");
  rig.chipset.display = nullptr;
  EXPECT_EQ(run("screendump x"), "error: this machine has no display");
}

TEST_F(MonitorTest, InfoIsOptional) { EXPECT_EQ(run("info idt 3"), run("idt 3")); }

TEST_F(MonitorTest, WhatIsMapped) {
  EXPECT_EQ(run("info mem"), "0000000000000000-0000000000400000 0000000000400000 urw\n");
  EXPECT_EQ(run("info tlb"),
            "0000000000000000: 0000000000000000 --P----UW\n0000000000200000: 0000000000200000 --P----UW\n");
  rig.cpu().system_registers.cr0 = x86::cr0::pe;
  EXPECT_EQ(run("info mem"), "0000000000000000-0000000100000000 0000000100000000 urw\n");
  EXPECT_EQ(run("info tlb"), "PG disabled\n");
}

// Three tables map each of a few pages millions of times.
TEST_F(MonitorTest, AMapWithoutEndIsListedInPieces) {
  for (std::uint64_t i = 0; i < 512; ++i) {
    rig.put(Rig::tables + 8 * i, (Rig::tables + 0x1000) | 7);
    rig.put(Rig::tables + 0x1000 + 8 * i, (Rig::tables + 0x2000) | 7);
    rig.put(Rig::tables + 0x2000 + 8 * i, i % 256 == 0 ? 0x85 : 0);  // much to look at for each line
  }
  EXPECT_THAT(run("info mem"), HasSubstr("\nonly the first 65536 ranges are listed\n"));
  EXPECT_GT(pieces, 1);
}

TEST_F(MonitorTest, Translations) {
  EXPECT_EQ(run("gva2gpa 0x201234"), "gpa: 0x201234\n");
  EXPECT_EQ(run("gva2gpa 0x400000"), "Unmapped\n");
  EXPECT_THAT(run("gpa2hva 0x1000"), MatchesRegex("Host virtual address for 0x1000 \\(ram\\) is 0x[0-9a-f]+\n"));
  EXPECT_EQ(run("gpa2hva 0x400000"), "error: memory at address 0x400000 is not RAM");
}

TEST_F(MonitorTest, ATranslationExplained) {
  const std::string mapped = run("pt 0x201234");
  EXPECT_THAT(mapped,
              StartsWith("0x201234 by 4-level paging, CR3 0x10000\n"
                         "  PML4 [  0] at 0x10000: 0x0000000000011007 -> table at 0x11000, present writable user\n"
                         "  PDPT [  0] at 0x11000: 0x0000000000012007 -> table at 0x12000"));
  EXPECT_THAT(mapped, HasSubstr("  PD   [  1] at 0x12008: 0x0000000000200087 -> 2 MiB page at 0x200000, "
                                "present writable user large\n"
                                "0x201234 is physical 0x201234: writable, user, executable\n"));
  EXPECT_THAT(run("pt 0x400000"), HasSubstr("0x400000 is not mapped: PD entry at 0x12010 is not present\n"));
}

TEST_F(MonitorTest, MemoryInQemusLayout) {
  rig.place(Rig::data, {0x01, 0x02, 0x03, 0x84, 'a', '\'', 0, 0xff});
  EXPECT_EQ(run("x/2wx 0x120000"), "0000000000120000: 0x84030201 0xff002761\n");
  EXPECT_EQ(run("xp /1gx 0x120000"), "0000000000120000: 0xff00276184030201\n");
  EXPECT_EQ(run("x /3ub 0x120000"), "0000000000120000:   1   2   3\n");
  EXPECT_EQ(run("x /2db 0x120002"), "0000000000120002:   3 -124\n");
  EXPECT_EQ(run("x /4cb 0x120004"), "0000000000120004: 'a' '\\'' '\\x00' '\\xff'\n");
  EXPECT_EQ(run("x /2ob 0x120003"), "0000000000120003: 0204 0141\n");
  EXPECT_EQ(run("x /1wx $rsp - 0x10000"), run("x /1wx 0x120000"));
  EXPECT_THAT(run("x /2i 0x100000"), MatchesRegex("0x00100000:  90 +nop ?\n0x00100001:  90 +nop ?\n"));
}

TEST_F(MonitorTest, MemoryThatCannotBeRead) {
  EXPECT_THAT(run("x /2gx 0x3ffff8"), MatchesRegex("00000000003ffff8: 0x0+\nerror: Cannot access memory: 0x400000 is "
                                                   "not mapped: PD entry at 0x12010 is not present"));
  EXPECT_EQ(run("xp /1wx 0x400000"), "error: Cannot access memory: there is no RAM at 0x400000");
  EXPECT_THAT(run("x"), StartsWith("error: an address is missing"));
  EXPECT_THAT(run("x /4q 0"), StartsWith("error: 'q' in /4q is not a format"));
  EXPECT_EQ(run("x /99999x 0"), "error: at most 65536 items");
  EXPECT_THAT(run("x main"), StartsWith("error: 'main' is not a number"));
  EXPECT_THAT(run("x $nonsense"), StartsWith("error: there is no register $nonsense"));
  EXPECT_THAT(run("x 5+"), StartsWith("error: '5+' is not complete"));
}

TEST_F(MonitorTest, AddressesOfRealMode) {
  rig.place(Rig::data, {0x01, 0x02, 0x03, 0x84});
  EXPECT_EQ(run("x /1wx 0xffff:0x20010"), run("x /1wx 0x120000"));
  rig.cpu().system_registers.es.selector = 0xf000;
  rig.cpu().general_registers.rdi = 0x30001;
  EXPECT_EQ(run("x /1wx $es:$rdi-1"), run("x /1wx 0x120000"));
  EXPECT_EQ(run("x 0x10000:0"), "error: 0x10000 is not a real-mode segment");
  EXPECT_EQ(run("x $cs:$pc"), "error: $pc is a linear address already and has no segment");
  EXPECT_EQ(run("x $ss:$esp"), "error: $esp is a linear address already and has no segment");
  EXPECT_EQ(run("x 0xf000:"), "error: '' is not a number; only the debugger knows symbols");
}

TEST_F(MonitorTest, AnotherAddressSpaceWithoutSwitchingToIt) {
  constexpr std::uint64_t other = 0x200000;
  rig.put(other, (other + 0x1000) | 7);
  rig.put(other + 0x1000, (other + 0x2000) | 7);
  rig.put(other + 0x2000, 0x200087);  // virtual 0 is physical 2 MiB
  rig.put(0x300000, 0x1122334455667788);
  EXPECT_EQ(run("cr3"), "memory is seen through each CPU's own CR3\n");
  EXPECT_EQ(run("cr3 0x200000"), "memory is seen through the page tables at 0x200000\n");
  EXPECT_EQ(run("x /1gx 0x100000"), "0000000000100000: 0x1122334455667788\n");
  EXPECT_EQ(run("gva2gpa 0x100000"), "gpa: 0x300000\n");
  EXPECT_THAT(run("cr3 0x400000"), HasSubstr("there is no RAM at 0x400000"));
  EXPECT_EQ(selection.cr3, other);
  run("cr3 off");
  EXPECT_EQ(run("gva2gpa 0x100000"), "gpa: 0x100000\n");
  EXPECT_EQ(rig.cpu().system_registers.cr3, Rig::tables);
  rig.cpu().system_registers.cr0 = x86::cr0::pe;
  EXPECT_EQ(run("cr3 0x200000"), "error: paging is off on CPU 0");
}

TEST_F(MonitorTest, Registers) {
  rig.cpu().general_registers.rax = 0xabc;
  const std::string text = run("info registers");
  EXPECT_THAT(text, StartsWith("\nCPU#0\nRAX=0000000000000abc RBX=0000000000000000 RCX="));
  EXPECT_THAT(text, HasSubstr("RIP=0000000000100000 RFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0\n"));
  EXPECT_THAT(text, HasSubstr("\nCS =0010 0000000000000000 ffffffff 00a09b00 DPL=0 CS64 [-RA]\n"));
  EXPECT_THAT(text, HasSubstr("\nTR =0020 0000000000000580 00000067 00008b00 DPL=0 TSS64-busy\n"));
  EXPECT_THAT(text, HasSubstr("\nGDT=     0000000000021000 0000003f\n"));
  EXPECT_THAT(text, HasSubstr("\nCR0=80000001 CR2=0000000000000000 CR3=0000000000010000 CR4=00000020\n"));
  EXPECT_THAT(text, HasSubstr("\nEFER=0000000000000500\n"));
  EXPECT_THAT(run("info registers -a"), HasSubstr("\nCPU#1\n"));
  EXPECT_THAT(run("registers"), HasSubstr("rax              0x0000000000000abc\n"));
}

TEST_F(MonitorTest, RegistersOutsideLongMode) {
  auto& s = rig.cpu().system_registers;
  s = x86::power_on::system(true);
  rig.cpu().general_registers = {.rax = 0x1234567890, .rip = 0xfff0, .rflags = 2};
  const std::string text = run("info registers");
  EXPECT_THAT(text, HasSubstr("EAX=34567890 EBX="));
  EXPECT_THAT(text, HasSubstr("EIP=0000fff0 EFL=00000002 [-------] CPL=0"));
  EXPECT_THAT(text, HasSubstr("\nCS =f000 ffff0000 0000ffff 00009b00\n"));
  EXPECT_THAT(text, Not(HasSubstr("R8 =")));
}

TEST_F(MonitorTest, WorksWhileTheGuestRuns) {
  debuggee.run();
  EXPECT_EQ(run("info status"), "VM status: running\n");
  EXPECT_THAT(run("info registers"), HasSubstr("RIP=0000000000100000"));
  EXPECT_THAT(run("x /1i $pc"), HasSubstr("nop"));
  run("stop");
  events.next();
  EXPECT_EQ(run("info status"), "VM status: paused\n");
  run("cont");
  EXPECT_TRUE(debuggee.running());
  debuggee.client_came();
  EXPECT_EQ(run("cont"), "error: a debugger is connected; continue the guest there");
}

TEST_F(MonitorTest, OpenocdsWordsForResetStopOrRunTheGuest) {
  rig.cpu().general_registers.rip = Rig::code + 8;
  EXPECT_EQ(run("reset"), "");
  EXPECT_EQ(rig.rip(), Rig::code);
  EXPECT_FALSE(debuggee.running());
  for (const char* stopping : {"reset halt", "reset init"}) {
    EXPECT_EQ(run("reset run"), "");
    EXPECT_TRUE(debuggee.running());
    for (const unsigned cpu : {0u, 1u}) {
      rig.cpu(cpu).then([](FakeVcpu& vcpu) -> Exit {
        vcpu.general_registers.rip += 8;
        return exits::Interrupted{};
      });
    }
    EXPECT_EQ(run(stopping), "");
    events.next();
    EXPECT_FALSE(debuggee.running());
    EXPECT_EQ(rig.rip(), Rig::code);
  }
  EXPECT_EQ(run("reset into"), "error: usage: reset [run|halt|init]");
  EXPECT_EQ(run("reset halt init"), "error: usage: reset [run|halt|init]");
}

TEST_F(MonitorTest, OpenocdsWordsAreNoErrorsInADebugger) {
  debuggee.client_came();
  EXPECT_THAT(run("reset run"), StartsWith("gdb goes on showing the old registers"));
  EXPECT_FALSE(debuggee.running());
  EXPECT_EQ(run("resume"), "a debugger is connected; continue the guest there\n");
  EXPECT_EQ(run("halt"), "");
  debuggee.client_left();
  EXPECT_EQ(run("resume"), "");
  EXPECT_TRUE(debuggee.running());
}

TEST_F(MonitorTest, CaughtExceptionsGoWithTheirClient) {
  EXPECT_THAT(run("catch exception #UD"), StartsWith("error: no debugger is connected"));
  debuggee.client_came();
  EXPECT_EQ(run("catch exception #UD"), "caught: 6 (#UD)\n");
  debuggee.client_left();
  EXPECT_TRUE(debuggee.run_control().stops().caught().empty());
}

// Linux's scripts/gdb take a reply as a sign that threads are CPUs.
TEST_F(MonitorTest, Version) { EXPECT_THAT(run("info version"), StartsWith("gdbvm ")); }

TEST_F(MonitorTest, ACpuIsSelectedUntilFurtherNotice) {
  rig.cpu(1).general_registers.rip = 0x100100;
  EXPECT_THAT(run("info cpus"), HasSubstr("* CPU #0: "));
  run("cpu 1");
  EXPECT_THAT(run("info registers"), HasSubstr("CPU#1\n"));
  EXPECT_THAT(run("info cpus"), HasSubstr("* CPU #1: "));
  EXPECT_EQ(run("cpu 2"), "error: there is no CPU 2: the last one is 1");
  run("cpu 1");
  run("cpu");
  EXPECT_EQ(selection.cpu, std::nullopt);
}

TEST_F(MonitorTest, DescriptorTables) {
  rig.set_gate(3, 0xffff800000123456, 3);
  rig.set_gate(14, 0x5555, 0, false);
  EXPECT_EQ(run("idt 3"), "IDT at 0x20000, limit 0x1ff\n  3 #BP  IntGate64  0010:ffff800000123456 DPL=3 IST=0\n");
  EXPECT_THAT(run("idt"), HasSubstr("\n 14 #PF  IntGate64  0010:0000000000005555 DPL=0 IST=0 not present\n"));
  EXPECT_THAT(run("idt 200"), HasSubstr("200 is beyond the limit"));
  EXPECT_EQ(run("idt 256"), "error: vectors are 0 to 255");
  EXPECT_EQ(run("gdt"),
            "GDT at 0x21000, limit 0x3f\n"
            "0010 base 0x0000000000000000 limit ffffffff DPL=0 CS64 [-RA]\n"
            "0018 base 0x0000000000000000 limit ffffffff DPL=0 DS   [-WA]\n"
            "0030 base 0x0000000000000000 limit ffffffff DPL=3 DS   [-WA]\n"
            "0038 base 0x0000000000000000 limit ffffffff DPL=3 CS64 [-RA]\n");
  rig.cpu().system_registers.cr0 = 0;
  rig.cpu().system_registers.efer = 0;
  rig.cpu().system_registers.idt = {0, 0x3ff};
  rig.put(6 * 4, 0xf0001234);
  EXPECT_THAT(run("idt 6"), HasSubstr("  6 #UD  f000:1234\n"));
}

TEST_F(MonitorTest, ModelSpecificRegisters) {
  rig.cpu().msrs = {{0xc0000080, 0xd01}, {0xc0000081, 0x0023001000000000}, {0x277, 0x0007040600070406}, {0x999, 5}};
  EXPECT_EQ(run("msr 0xc0000080"), "MSR 0xc0000080 (EFER) = 0x0000000000000d01: SCE LME LMA NXE\n");
  rig.cpu().msrs[0xc0000080] = 0;
  EXPECT_EQ(run("msr efer"), "MSR 0xc0000080 (EFER) = 0x0000000000000000\n");
  EXPECT_EQ(run("msr ia32_star"),
            "MSR 0xc0000081 (STAR) = 0x0023001000000000: syscall CS 0x10 SS 0x18, sysret CS 0x33 SS 0x2b\n");
  EXPECT_EQ(run("msr PAT"), "MSR 0x277 (PAT) = 0x0007040600070406: WB WT UC- UC WB WT UC- UC\n");
  EXPECT_EQ(run("msr 0x999"), "MSR 0x999 = 0x0000000000000005\n");
  EXPECT_EQ(run("msr lstar"), "error: this CPU has no MSR 0xc0000082, or KVM does not show it");
  EXPECT_EQ(run("msr nonsense"), "error: 'nonsense' is not an MSR");
}

TEST_F(MonitorTest, WhatAFakeMachineLacksIsSaid) {
  EXPECT_EQ(run("cpuid 1"), "error: the guest has no CPUID leaf 0x1, index 0x0");
}

TEST_F(MonitorTest, SnapshotsByName) {
  EXPECT_EQ(run("info snapshots"), "there are no snapshots\n");
  EXPECT_EQ(run("savevm"), "saved as vm1\n");
  EXPECT_EQ(run("savevm x"), "saved as x\n");
  EXPECT_THAT(run("info snapshots"), HasSubstr("vm1 "));
  EXPECT_EQ(run("delvm vm1"), "");
  EXPECT_THAT(run("loadvm vm1"), StartsWith("error: there is no snapshot 'vm1'"));
  EXPECT_EQ(run("loadvm x"), "");
  EXPECT_THAT(run("loadvm"), StartsWith("error: usage"));
  EXPECT_THAT(run("delvm"), StartsWith("error: usage"));
  EXPECT_THAT(run("savevm a b"), StartsWith("error: usage"));
  EXPECT_THAT(run("savevm file:/no such folder/a  b"), HasSubstr("/no such folder/a  b"));
}

TEST_F(MonitorTest, AKernelThatDoesNotMove) { EXPECT_THAT(run("kaslr"), StartsWith("error: the guest is not")); }

TEST_F(MonitorTest, AKernelThatMoves) {
  Rig moving(everything_works(), 1, Gva{0xffffffff81000000});
  Debuggee its_debuggee{
      moving.machine,
      {.features = x86::all_cpu_features(), .probe = [] { return everything_works(); }, .quit = [] {}},
      [](gdbstub::TargetEvent) {}};
  std::string text;
  const Print print = [&](std::string_view more) { text += more; };
  MonitorContext context{its_debuggee, {1}, selection, print, {}};
  EXPECT_TRUE(run_monitor_command(context, "kaslr"));
  EXPECT_THAT(text, HasSubstr("not mapped yet"));
  moving.map_kernel(0xffffffff9f000000);
  EXPECT_TRUE(run_monitor_command(context, "kaslr"));
  EXPECT_THAT(text, HasSubstr("runs at 0xffffffff9f000000, 0x1e000000 above"));
}

TEST_F(MonitorTest, QuitEndsIt) {
  run("quit");
  EXPECT_TRUE(has_quit);
}

TEST_F(MonitorTest, ADumpThatCannotBeWrittenSaysWhy) {
  EXPECT_EQ(run("dump"), "error: usage: dump FILE");
  EXPECT_EQ(run("dump /nowhere/core"), "error: cannot write /nowhere/core: No such file or directory");
  EXPECT_EQ(run("dump /dev/null"), "error: cannot write /dev/null: it is not a regular file");
}

struct DumpTest : MonitorTest {
  TemporaryDirectory directory;
  std::string path = directory.path() + "/core";

  gdbstub::Piece begin() {
    const Print ignore = [](std::string_view) {};
    MonitorContext context{debuggee, {1}, selection, ignore, {}};
    EXPECT_TRUE(run_monitor_command(context, "dump " + path));
    return std::move(context.rest);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory.path()), {}));
  }
};

TEST_F(DumpTest, SaysWhatItHasWritten) {
  EXPECT_EQ(run("dump " + path), path + ": 4 MiB of RAM in 1 segment, 2 CPUs\n");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(DumpTest, TheGuestStandsStillUntilItIsDoneOrGivenUp) {
  debuggee.run();
  gdbstub::Piece rest = begin();
  EXPECT_EQ(files(), 1u);
  rig.cpu().then(exits::Shutdown{});
  for (int i = 0; i < 1000; ++i) {
    run("info registers");
    std::this_thread::yield();
  }
  EXPECT_TRUE(events.empty());
  rest = {};
  EXPECT_EQ(files(), 0u);
  events.next();  // only now
}

TEST_F(DumpTest, AClientMayLeaveMeanwhile) {
  debuggee.run();
  gdbstub::Piece rest = begin();
  debuggee.run_control().abandon_stops();
  EXPECT_FALSE(debuggee.running());
}

TEST_F(DumpTest, AMachineThatStartsOverIsNotMixedWithTheOldOne) {
  gdbstub::Piece rest = begin();
  run("system_reset");
  EXPECT_EQ(rest([](std::string_view) {}).error().text, "the machine has started over, so there is no core");
}

TEST_F(MonitorTest, AnInterruptByHand) {
  rig.machine.interrupts().write_pic(x86::wiring::pic_port + 1, 0xff);
  rig.machine.interrupts().write_io_apic(IoApic::select_offset, 0x10 + 2 * 20);
  rig.machine.interrupts().write_io_apic(IoApic::window_offset, 0x51);
  rig.interrupt(0x40);  // the local APIC is on
  EXPECT_EQ(run("irq 20"), "line 20: I/O APIC vector 81\n");
  EXPECT_THAT(run("lapic"), HasSubstr("IRR\t 64 81 \n"));
  EXPECT_EQ(run("irq 4"), "line 4: PIC masked, I/O APIC masked\n");
  for (const char* bad : {"irq", "irq 24", "irq four", "irq 1 2"})
    EXPECT_EQ(run(bad), "error: usage: irq LINE, and there are lines 0 to 23") << bad;
}

TEST_F(MonitorTest, TheIntervalTimer) {
  EXPECT_THAT(run("pit"), HasSubstr("pit0: mode=3 (square wave), "));
  EXPECT_EQ(run("info pit"), run("pit"));
}

TEST_F(MonitorTest, WithoutAHistoryThePastIsRefusedInWords) {
  EXPECT_EQ(run("info history"), "no history is kept: gdbvm --history SIZE\n");
  rig.place(0x5000, {1});
  for (const char* command : {"when", "mark here", "goto begin", "goto 1", "goto 1+1", "goto here", "who-wrote 0x5000"})
    EXPECT_EQ(run(command), "error: no history is kept: gdbvm --history SIZE") << command;
  EXPECT_THAT(run("history on"), StartsWith("error: gdbvm was started without --history SIZE"));
  EXPECT_EQ(run("history off"), "");
}

TEST_F(MonitorTest, WhatMakesNoSenseAboutThePastIsRefused) {
  EXPECT_EQ(run("history"), "error: usage: history on|off");
  EXPECT_EQ(run("history maybe"), "error: usage: history on|off");
  EXPECT_EQ(run("mark"), "error: usage: mark NAME");
  for (const char* name : {"begin", "end", "1st"})
    EXPECT_THAT(run(fmt::format("mark {}", name)), MatchesRegex("error: '.*' already means a place: .*")) << name;
  EXPECT_EQ(run("goto"), "error: usage: goto POSITION|begin|end|MARK");
  EXPECT_EQ(run("who-wrote"), "error: usage: who-wrote ADDRESS [LENGTH]");
  EXPECT_EQ(run("who-wrote 0 1 2"), "error: usage: who-wrote ADDRESS [LENGTH]");
  for (const char* length : {"0", "4097"})
    EXPECT_EQ(run(fmt::format("who-wrote 0 {}", length)), "error: LENGTH is 1 to 4096 bytes");
}

}  // namespace
}  // namespace gdbvm

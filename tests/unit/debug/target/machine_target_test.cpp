// The target on a machine of fake CPUs: what a client sees, and what happens when it connects and disconnects.
#include "vmm/debug/target/machine_target.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;

struct TargetRig : Rig {
  explicit TargetRig(MachineTarget::Config config = {}, std::optional<Gva> linked = {})
      : Rig(everything_works(), 2, linked),
        debuggee(machine,
                 {.features = x86::all_cpu_features(),
                  .probe =
                      [this] {
                        ++probes;
                        return everything_works();
                      },
                  .quit = [this] { has_quit = true; }},
                 [this](TargetEvent event) { events.post(std::move(event)); }),
        target(debuggee, with_supervisor(std::move(config))) {}

  std::string monitor(std::string_view line) {
    std::string text;
    const auto done = target.monitor_commands()->run({1}, line, [&](std::string_view more) { text += more; });
    return done ? text : text + "error: " + done.error().text;
  }
  std::uint8_t byte_at(std::uint64_t address) {
    std::array<std::uint8_t, 1> byte{};
    EXPECT_TRUE(target.read_memory({1}, {address}, byte));
    return byte[0];
  }
  void come() { target.lifecycle()->attached(); }
  void leave() { target.lifecycle()->detached(); }
  // Page tables at 0x200000 that show physical 2 MiB at virtual 0.
  void build_other_space() {
    constexpr std::uint64_t other = 0x200000;
    put(other, (other + 0x1000) | 7);
    put(other + 0x1000, (other + 0x2000) | 7);
    put(other + 0x2000, 0x200087);
  }

  // In the supervisor's place.
  MachineTarget::Config with_supervisor(MachineTarget::Config config) {
    config.left = [this](bool end_is_coming) {
      left.push_back(end_is_coming);
      if (runs_on) debuggee.run();
    };
    return config;
  }

  Events events;
  bool has_quit = false;
  bool runs_on = false;
  std::vector<bool> left;  // each time a client did: the end is coming
  int probes = 0;
  Debuggee debuggee;
  MachineTarget target;
};

TEST(MachineTarget, MemoryPacketsFollowCr3UntilTheClientLeaves) {
  TargetRig rig;
  rig.build_other_space();
  *rig.at(0x300000) = 0x42;
  rig.come();
  rig.monitor("cr3 0x200000");
  EXPECT_EQ(rig.byte_at(0x100000), 0x42);
  ASSERT_TRUE(rig.target.write_memory({1}, {0x100000}, std::array<std::uint8_t, 1>{0x43}));
  EXPECT_EQ(*rig.at(0x300000), 0x43);
  rig.leave();
  rig.come();
  EXPECT_EQ(rig.byte_at(0x100000), 0x90);
}

TEST(MachineTarget, PhysicalMemoryIsNotTranslated) {
  TargetRig rig;
  rig.build_other_space();
  rig.monitor("cr3 0x200000");
  *rig.at(0x300000) = 0x42;
  ASSERT_TRUE(rig.target.qemu_compatibility()->set_physical_memory(true));
  EXPECT_TRUE(rig.target.qemu_compatibility()->physical_memory());
  EXPECT_EQ(rig.byte_at(0x100000), 0x90);
  EXPECT_EQ(rig.byte_at(0x300000), 0x42);
  ASSERT_TRUE(rig.target.write_memory({1}, {0x100000}, std::array<std::uint8_t, 1>{0x91}));
  EXPECT_EQ(*rig.at(0x100000), 0x91);
}

TEST(MachineTarget, ARangeOfTheAddressSpaceHasTheRightsOfItsPages) {
  TargetRig rig;
  const AddressRange mapped = rig.target.address_space()->range_at({1}, {0x100000});
  EXPECT_EQ(mapped.start.value, 0u);
  EXPECT_EQ(mapped.length, 0x400000u);
  EXPECT_TRUE(mapped.mapped && mapped.readable && mapped.writable && mapped.executable);
  const AddressRange hole = rig.target.address_space()->range_at({1}, {0x400000});
  EXPECT_FALSE(hole.mapped || hole.readable || hole.writable || hole.executable);
}

TEST(MachineTarget, TheHostIsProbedOnceAndNotBeforeADebuggerNeedsIt) {
  TargetRig rig;
  rig.come();
  EXPECT_EQ(rig.byte_at(rig.code), 0x90);
  EXPECT_EQ(rig.probes, 0);
  EXPECT_TRUE(rig.target.breakpoints()->insert(BreakpointKind::Hardware, {rig.code + 1}, nullptr));
  EXPECT_TRUE(rig.target.watchpoints()->insert(WatchKind::Write, {rig.data}, 4, nullptr));
  EXPECT_EQ(rig.probes, 1);
}

// A boot sector calls at 0:0x7c28; above the return address is whatever was pushed before.
TEST(MachineTarget, AReturnAddressThatGdbMisreadsIsToldApart) {
  TargetRig rig;
  auto& system = rig.cpu().system_registers;
  system = x86::power_on::system(true);
  system.cs.base = system.cs.selector = 0;
  system.ss.base = 0x20000;
  rig.cpu().general_registers.rsp = 0x7bfe;
  rig.put(0x27bfe, 0x0246'7c2b);
  rig.put(0x27c06, 0x7c2b);  // with nothing above, it is the right one
  const auto remark = [&](std::uint64_t address) {
    return rig.target.breakpoints()->insert(BreakpointKind::Software, {address}, nullptr).value();
  };
  EXPECT_THAT(remark(0x02467c2b), testing::StartsWith("no CPU comes to 0x2467c2b: gdb has read 32 bits"));
  EXPECT_EQ(remark(0x7c2b), "");
  EXPECT_EQ(remark(0x02467c2d), "");  // a user's breakpoint, in code that is loaded later
  rig.cpu().general_registers.rbp = 0x6ff0;
  rig.put(0x26ff4, 0x1234'7c90);
  EXPECT_NE(remark(0x12347c90), "");
  system = Rig::plan().system;
  EXPECT_EQ(remark(0x02467c2b), "");
}

TEST(MachineTarget, AWatchpointHasALength) {
  TargetRig rig;
  EXPECT_FALSE(rig.target.watchpoints()->insert(WatchKind::Write, {rig.data}, 0, nullptr));
  EXPECT_FALSE(
      rig.target.watchpoints()->insert(WatchKind::Write, {rig.data}, MachineWatchpoints::max_length + 1, nullptr));
}

TEST(MachineTarget, ARunningThreadHasNoRegistersAndIsNotResumed) {
  TargetRig rig;
  rig.come();
  rig.debuggee.run();
  std::array<std::uint8_t, 8> value{};
  EXPECT_EQ(rig.target.read_register({2}, {0}, value).error().text, "CPU 1 is running");
  EXPECT_EQ(rig.target.write_register({1}, {0}, value).error().text, "CPU 0 is running");
  const ThreadAction action{{1}};
  EXPECT_EQ(rig.target.resume({&action, 1}).error().text, "CPU 0 is running");
}

TEST(MachineTarget, AGuestThatRunsStopsWhenItIsRestarted) {
  TargetRig rig;
  rig.debuggee.run();
  for (const unsigned cpu : {0u, 1u}) {
    rig.cpu(cpu).then([](FakeVcpu& vcpu) -> Exit {
      vcpu.general_registers.rip += 8;
      return exits::Interrupted{};
    });
  }
  ASSERT_TRUE(rig.target.lifecycle()->restart());
  EXPECT_EQ(std::get<stop::Signalled>(rig.events.next().reason).signal, Signal::Int);
  EXPECT_FALSE(rig.target.running());
  EXPECT_EQ(rig.rip(), Rig::code);
}

TEST(MachineTarget, AClientThatLeavesLeavesAGuestThatIsStopped) {
  TargetRig rig;
  rig.come();
  EXPECT_TRUE(rig.debuggee.has_client());
  rig.debuggee.run();
  rig.leave();
  EXPECT_FALSE(rig.debuggee.has_client());
  EXPECT_FALSE(rig.target.running());
  EXPECT_THAT(rig.left, testing::ElementsAre(false));
}

TEST(MachineTarget, WhoDecidesAboutTheGuestMayLetItRunOn) {
  TargetRig rig;
  rig.runs_on = true;
  rig.come();
  rig.leave();
  EXPECT_TRUE(rig.target.running());
}

TEST(MachineTarget, AnEndThatIsNotKnownYetIsTold) {
  TargetRig rig;
  rig.come();
  rig.debuggee.set_ended();
  rig.leave();
  EXPECT_THAT(rig.left, testing::ElementsAre(false));
  ASSERT_TRUE(rig.target.lifecycle()->restart());
  EXPECT_FALSE(rig.debuggee.ended());
}

TEST(MachineTarget, ThreadsAreCpus) {
  TargetRig rig;
  EXPECT_EQ(rig.target.threads(), (std::vector<ThreadId>{{1}, {2}}));
  EXPECT_EQ(rig.target.thread_info()->name({2}), "CPU 1");
  EXPECT_EQ(rig.target.thread_info()->extra({2}), "CPU 1 [running] 64-bit mode");
}

TEST(MachineTarget, NothingIsServedThatItDoesNotHave) {
  TargetRig bare;
  EXPECT_EQ(bare.target.exec_file(), nullptr);
  EXPECT_EQ(bare.target.libraries(), nullptr);
  EXPECT_EQ(bare.target.text_segment(), std::nullopt);
  TargetRig with_program({.program = ServedFile{"kernel", "/boot/kernel"}});
  EXPECT_EQ(with_program.target.exec_file()->program().host_path, "/boot/kernel");
}

TEST(MachineTarget, AKernelThatHasSlidIsALibraryOfAnotherName) {
  TargetRig rig({.sliding_kernel = Libraries::Library{{"k", "k"}, {0xffffffff81000000}}}, Gva{0xffffffff81000000});
  EXPECT_EQ(rig.target.text_segment(), std::nullopt);
  EXPECT_EQ(rig.target.libraries()->list()[0].file.name, "k");
  rig.map_kernel(0xffffffff9f000000);
  EXPECT_EQ(rig.target.text_segment()->value, 0xffffffff9f000000);
  EXPECT_EQ(rig.target.libraries()->list()[0].file.name, "k+0x1e000000");
  EXPECT_EQ(rig.target.libraries()->list()[0].first_segment.value, 0xffffffff9f000000);
}

TEST(MachineTarget, AskingForTheLibrariesSubscribesToChangesUntilTheClientLeaves) {
  TargetRig rig({.sliding_kernel = Libraries::Library{{"k", "k"}, {0xffffffff81000000}}}, Gva{0xffffffff81000000});
  rig.come();
  EXPECT_FALSE(rig.debuggee.run_control().slide().library_events());
  (void)rig.target.libraries()->list();
  EXPECT_TRUE(rig.debuggee.run_control().slide().library_events());
  rig.leave();
  EXPECT_FALSE(rig.debuggee.run_control().slide().library_events());
}

TEST(MachineTarget, StepFlagsHoldOffInterruptsAndTimersTogether) {
  TargetRig rig;
  QemuCompatibility& qemu = *rig.target.qemu_compatibility();
  EXPECT_EQ(qemu.step_flags(), 7u);
  ASSERT_TRUE(qemu.set_step_flags(5));
  EXPECT_EQ(qemu.step_flags(), 1u);
  ASSERT_TRUE(qemu.set_step_flags(2));
  EXPECT_EQ(qemu.step_flags(), 7u);
}

TEST(MachineTarget, ATraceFileReplacesNothingElse) {
  TargetRig t;
  TemporaryDirectory directory;
  Tracepoints& tracepoints = *t.target.tracepoints();
  const std::string path = directory.path() + "/trace", trace(trace_file_magic);
  ASSERT_TRUE(tracepoints.save(path, trace + "1"));
  ASSERT_TRUE(tracepoints.save(path, trace + "2"));
  EXPECT_EQ(read_whole(path).back(), '2');
  const std::string precious = directory.write("precious", "thesis");
  EXPECT_FALSE(tracepoints.save(precious, trace));
  EXPECT_EQ(read_whole(precious).front(), 't');
}

}  // namespace
}  // namespace gdbvm

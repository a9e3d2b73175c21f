// The stop at the address that a guest's kernel passes when a module is loaded.
#include <future>

#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;

struct LoadingRig : ControlledRig {
  explicit LoadingRig(HostStops stops) : ControlledRig(stops) {}
  void set_point(std::optional<std::uint64_t> address) {
    control.held([&] { control.set_library_point(address ? std::optional(Gva{*address}) : std::nullopt); });
  }
  void reach_point_and_stop() {
    set_point(code + 5);
    cpu().then(code + 5, register_trap(0));
    resume();
    EXPECT_TRUE(is<stop::LibrariesChanged>(next()));
  }
  void expect_next_load(const char* what) {
    cpu().then(code + 5, register_trap(0));
    EXPECT_TRUE(is<stop::LibrariesChanged>(next())) << what;
  }
};

TEST(LibraryPoint, ALoadIsAStopOfItsOwn) {
  LoadingRig s(kvm_intel());
  s.set_point(s.code + 5);
  s.set_break(s.code + 5);
  for (int i = 0; i < 3; ++i) s.cpu().then(s.code + 5, register_trap(0));
  s.resume();
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
  s.resume();  // at the same place: the debugger's own breakpoint is still to be hit
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  s.resume();  // another time
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
}

TEST(LibraryPoint, ALoadIsPassedOnceItHasBeenTold) {
  LoadingRig s(kvm_intel());
  s.set_point(s.code + 5);
  s.set_break(s.code + 9);
  s.cpu().then(s.code + 5, register_trap(0));
  s.cpu().then(s.code + 5, register_trap(0));
  s.cpu().then(s.code + 6, step_trap());
  s.cpu().then(s.code + 9, register_trap(1));
  s.resume();
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 9);
  s.set_point({});
  EXPECT_EQ(s.control.stops().breakpoint_count(), 1u);
}

TEST(LibraryPoint, ALoadIsAStopOfItsOwnWhileTheGuestIsStepped) {
  for (const ResumeKind kind : {ResumeKind::Continue, ResumeKind::Step}) {
    LoadingRig s(kvm_amd());
    s.set_point(s.code + 1);
    s.set_break(s.code + 1);  // by nothing but stepping
    s.cpu().then(s.code + 1, step_trap());
    s.resume();
    EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
    s.cpu().then(s.code + 2, exits::InternalError{});
    s.resume(kind);  // as gdb does by itself: on, or to the end of the user's step
    EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
    EXPECT_EQ(s.rip(), s.code + 1);
  }
}

// However the CPU has left the point: what was reported there does not affect the next time.
TEST(LibraryPoint, EveryLoadIsTold) {
  LoadingRig stepped(kvm_intel());
  stepped.reach_point_and_stop();
  stepped.cpu().then(stepped.code + 6, step_trap());
  stepped.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(stepped.next()));
  stepped.resume();
  stepped.expect_next_load("after a step");

  LoadingRig jumped(kvm_intel());
  jumped.reach_point_and_stop();
  jumped.cpu().general_registers.rip = jumped.code;
  jumped.resume();
  jumped.expect_next_load("after a jump");

  LoadingRig reset(kvm_intel());
  reset.reach_point_and_stop();
  reset.resume();
  reset.control.held([&] { reset.control.reset_machine(); });
  reset.expect_next_load("after a reset, by whichever CPU");

  LoadingRig detached(kvm_intel());
  detached.reach_point_and_stop();
  detached.resume();
  detached.set_point({});
  detached.set_point(detached.code + 5);
  detached.expect_next_load("after another client");
}

TEST(LibraryPoint, ALoadIsToldWhereStepsBeginBehindThePoint) {
  LoadingRig s(kvm_amd());
  s.set_point(s.code + 5);
  s.set_break(s.code + 9);  // by nothing but stepping
  s.cpu().then(s.code + 5, step_trap());
  s.resume();
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
  s.control.held([&] { s.control.stops().remove(BreakpointKind::Software, {s.code + 9}); });
  std::promise<void> left;
  s.cpu().then([&](FakeVcpu& cpu) -> Exit {
    cpu.general_registers.rip = s.code + 2;
    left.set_value();
    return exits::Interrupted{};
  });
  s.resume();  // freely, as nothing is set
  left.get_future().wait();
  s.set_break(s.code + 9);
  s.cpu().then(s.code + 3, step_trap());
  s.cpu().then(s.code + 5, step_trap());
  s.cpu().then(s.code + 9, step_trap());
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
}

TEST(LibraryPoint, MovesWithTheKernel) {
  constexpr Gva linked{0xffffffff81000000};
  ControlledRig s(kvm_intel(), 1, linked);
  const auto point = [&] { return s.control.stops().library_point(); };
  s.control.held([&] {
    s.control.set_library_point(linked + 0x40);
    EXPECT_EQ(point(), linked + 0x40);
    s.map_kernel(linked.value + 0x1e000000);
    EXPECT_TRUE(s.control.slide().look(s.cpu()));
    s.control.set_library_point(linked + 0x40);
    EXPECT_EQ(point(), linked + 0x1e000040);
    s.control.reset_machine();
    EXPECT_EQ(point(), linked + 0x40);
  });
}

TEST(LibraryPoint, NothingIsSteppedForTheirSake) {
  LoadingRig s(kvm_amd());
  s.control.held([&] {
    s.control.set_library_point(Gva{s.code + 5});
    s.control.armed().arm(s.cpu());
  });
  EXPECT_FALSE(s.control.armed().needs_stepping());
  s.set_break(s.code + 5);
  s.control.held([&] { s.control.armed().arm(s.cpu()); });
  EXPECT_TRUE(s.control.armed().needs_stepping());
}

}  // namespace
}  // namespace gdbvm

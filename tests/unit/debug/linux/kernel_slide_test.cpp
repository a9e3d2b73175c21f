// Finding a kernel that chooses its address at boot, not finding one, and what is reported to the debugger.
#include "vmm/debug/linux/kernel_slide.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;
using testing::HasSubstr;

constexpr Gva linked{0xffffffff81000000};
constexpr std::uint64_t moved = 0x1e000000;

struct Slide : Rig {
  Slide() : Rig(everything_works()) { cpu().system_registers.efer |= x86::efer::nxe; }
  bool look() { return slide.look(machine.memory(), cpu().system()); }
  KernelSlide slide{linked};
};

TEST(KernelSlide, IsWhereTheFirstExecutablePageIs) {
  Slide s;
  EXPECT_FALSE(s.look());
  EXPECT_FALSE(s.slide.bytes());
  s.map_kernel(linked.value + moved);
  s.map_kernel(linked.value + moved + 0x200000);
  EXPECT_TRUE(s.look());
  EXPECT_EQ(s.slide.bytes(), moved);
  EXPECT_FALSE(s.slide.wanted());
  EXPECT_FALSE(s.look());  // already reported
  s.slide.set({});
  EXPECT_TRUE(s.look());
}

TEST(KernelSlide, AKernelThatStaysHasNone) {
  Slide s;
  s.map_kernel(linked.value);
  EXPECT_TRUE(s.look());
  EXPECT_EQ(s.slide.bytes(), 0u);
}

TEST(KernelSlide, WhatCannotBeTheKernelIsNot) {
  const std::pair<std::uint64_t, std::uint64_t> pages[] = {
      {linked.value - 0x200000, page_entry::kernel},                        // below where it was linked
      {linked.value + moved, page_entry::kernel | page_entry::no_execute},  // data
      {linked.value + moved, page_entry::writable},                         // not present
  };
  for (const auto& [address, flags] : pages) {
    Slide s;
    s.map_kernel(address, flags);
    EXPECT_FALSE(s.look());
    EXPECT_FALSE(s.slide.bytes());
  }
  Slide beyond;  // modules: the next GiB
  beyond.map_kernel(linked.value + 0x40000000);
  EXPECT_FALSE(beyond.look());
  Slide small;  // pages of 4 KiB that begin between two places it may choose
  small.pages.map(linked.value + moved + 0x1000, 0, PageTableBuilder::Pt, page_entry::kernel);
  EXPECT_FALSE(small.look());
}

TEST(KernelSlide, UserCodeAndLegacyModesAreNotAsked) {
  Slide s;
  s.map_kernel(linked.value + moved);
  s.enter_user_mode();
  EXPECT_FALSE(s.look());
  Slide legacy;
  legacy.map_kernel(linked.value + moved);
  legacy.cpu().system_registers.efer = 0;
  EXPECT_FALSE(legacy.look());
}

TEST(KernelSlide, OtherGuestsHaveNone) {
  Slide s;
  s.map_kernel(linked.value + moved);
  KernelSlide none{std::nullopt};
  EXPECT_FALSE(none.wanted());
  EXPECT_FALSE(none.look(s.machine.memory(), s.cpu().system()));
}

struct Booting : ControlledRig {
  explicit Booting(std::uint64_t slide_bytes) : ControlledRig(kvm_intel(), 1, linked) {
    EXPECT_TRUE(vm.efer_writes_reported);
    cpu().then([this, slide_bytes](FakeVcpu&) {
      map_kernel(linked.value + slide_bytes);
      return exits::MsrWrite{x86::efer::index, 0xd01};
    });
  }
  std::optional<std::uint64_t> slide_bytes() {
    return control.held([&] { return control.slide().slide().bytes(); });
  }
};

TEST(KernelSlide, AClientWithLibrariesHearsOfIt) {
  Booting s(moved);
  s.control.slide().set_library_events(true);
  s.resume();
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
  EXPECT_EQ(s.slide_bytes(), moved);
  EXPECT_FALSE(s.vm.efer_writes_reported);
  s.control.held([&] { s.control.reset_machine(); });
  EXPECT_FALSE(s.slide_bytes());
  EXPECT_TRUE(s.vm.efer_writes_reported);
}

TEST(KernelSlide, ABreakpointThatWouldNeverBeHitStops) {
  Booting s(moved);
  s.set_break(linked.value + 0x1000);
  s.resume();
  const StopEvent event = s.next();
  EXPECT_TRUE(is<stop::Signalled>(event));
  EXPECT_THAT(event.message, HasSubstr("symbol-file -o 0x1e000000"));
}

TEST(KernelSlide, NobodyIsStoppedForNothing) {
  for (const std::uint64_t slide_bytes : {moved, std::uint64_t{0}}) {
    Booting s(slide_bytes);
    s.set_break(s.code + 5);
    if (slide_bytes == 0) {
      s.set_break(linked.value + 0x1000);
      s.control.slide().set_library_events(true);
    }
    s.cpu().then(s.code + 5, register_trap(slide_bytes == 0 ? 1 : 0));
    s.resume();
    EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
    EXPECT_EQ(s.slide_bytes(), slide_bytes);
    EXPECT_FALSE(s.vm.efer_writes_reported);
  }
}

TEST(KernelSlide, IsFoundWhileStepping) {
  ControlledRig s(kvm_amd(), 1, linked);
  s.control.slide().set_library_events(true);
  s.set_break(s.code + 3);
  s.cpu().then(s.code + 1, step_trap());
  s.cpu().then([&](FakeVcpu& cpu) {
    s.map_kernel(linked.value + moved);
    cpu.general_registers.rip = s.code + 2;
    return step_trap();
  });
  s.resume();
  EXPECT_TRUE(is<stop::LibrariesChanged>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 2);
}

}  // namespace
}  // namespace gdbvm

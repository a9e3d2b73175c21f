// Coverage of a guest that a FakeVcpu plays.
#include "vmm/debug/control/coverage.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using coverage::CoverageMap;
using testing::ElementsAre;
using Line = CoverageMap::Line;

class CoverageTest : public testing::Test, public ControlledRig {
 protected:
  CoverageTest() : ControlledRig(kvm_pvm()) {}

  // Line n + 1 begins at code + 4 * n.
  static gdbstub::Result<Coverage::Source> source() {
    symbols::SourceLines lines{.files = {"/a.c"}, .rows = {}, .functions = {}};
    for (std::uint32_t n = 0; n < 3; ++n) lines.rows.push_back({code + 4 * n, 0, n + 1});
    return Coverage::Source{CoverageMap(std::move(lines), {}), std::vector<std::optional<Gpa>>(3)};
  }
  FakeVcpu::Act comes_to(std::uint64_t address) {
    return [this, address](FakeVcpu& cpu) -> Exit {
      EXPECT_EQ(*at(address), 0xcc);
      cpu.general_registers.rip = address;
      return emulation_failure();
    };
  }
  FakeVcpu::Act ends() {
    return [](FakeVcpu& cpu) -> Exit {
      cpu.general_registers.rip = code + 0x80;
      return exits::Shutdown{};
    };
  }
  std::vector<Line> lines() { return coverage.report()->front().lines; }

  Coverage coverage{control, source};
};

TEST_F(CoverageTest, LinesThatAreExecutedAreNoticedWithoutAStop) {
  ASSERT_TRUE(coverage.begin(host));
  cpu().then(comes_to(code));
  cpu().then(comes_to(code + 8));
  cpu().then(ends());
  resume();
  EXPECT_TRUE(is<gdbstub::stop::Signalled>(next()));
  EXPECT_EQ(*at(code), 0x90);
  EXPECT_EQ(*at(code + 4), 0xcc);
  EXPECT_THAT(lines(), ElementsAre(Line{1, true}, Line{2, false}, Line{3, true}));
}

TEST_F(CoverageTest, ABreakpointAtALineStopsAndIsExecutedBeyondIt) {
  use_up_registers();
  set_break(code + 4);
  ASSERT_TRUE(coverage.begin(host));
  cpu().then(comes_to(code + 4));
  resume();
  EXPECT_TRUE(is<gdbstub::stop::SoftwareBreakpoint>(next()));
  EXPECT_THAT(lines(), ElementsAre(Line{1, false}, Line{2, false}, Line{3, false}));
  cpu().then([this](FakeVcpu& cpu) -> Exit {
    EXPECT_EQ(*at(code + 4), 0x90);
    cpu.general_registers.rip = code + 5;
    return step_trap();
  });
  resume(gdbstub::ResumeKind::Step);
  EXPECT_TRUE(is<gdbstub::stop::StepComplete>(next()));
  EXPECT_THAT(lines(), ElementsAre(Line{1, false}, Line{2, true}, Line{3, false}));
}

TEST_F(CoverageTest, OffAndOnAgainGoesOn) {
  ASSERT_TRUE(coverage.begin(host));
  cpu().then(comes_to(code));
  cpu().then(ends());
  resume();
  (void)next();
  coverage.end();
  EXPECT_EQ(*at(code + 4), 0x90);
  EXPECT_FALSE(coverage.on());
  EXPECT_THAT(lines(), ElementsAre(Line{1, true}, Line{2, false}, Line{3, false}));
  ASSERT_TRUE(coverage.begin(host));
  cpu().then(comes_to(code + 4));
  cpu().then(ends());
  resume();
  (void)next();
  EXPECT_EQ(*at(code), 0x90) << "it is known to have been executed";
  EXPECT_THAT(lines(), ElementsAre(Line{1, true}, Line{2, true}, Line{3, false}));
  coverage.reset();
  EXPECT_THAT(lines(), ElementsAre(Line{1, false}, Line{2, false}, Line{3, false}));
}

TEST_F(CoverageTest, AHostThatTellsOfNoInt3HasNone) {
  EXPECT_FALSE(coverage.begin(kvm_amd()));
  EXPECT_FALSE(coverage.report());
}

TEST_F(CoverageTest, WhatCannotBeReadIsTold) {
  Coverage other(control, [] { return gdbstub::fail("no line tables"); });
  const auto begun = other.begin(host);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().text, "no line tables");
}

}  // namespace
}  // namespace gdbvm

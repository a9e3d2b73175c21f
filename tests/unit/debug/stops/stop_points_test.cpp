// Which mechanism each breakpoint and watchpoint gets, and what is then planted and guarded.
#include "tests/unit/debug/rig.h"
#include "vmm/debug/stepping/stepped_watch.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;

constexpr std::uint64_t code_offset = 0x180000, data_offset = 0x181000;

struct Points : Rig {
  explicit Points(HostStops stops, unsigned cpus = 1) : Rig(stops, cpus) {}
  Mechanism breakpoint(std::uint64_t address) { return points.at({address})->mechanism; }
  Mechanism watchpoint(std::size_t n) { return points.watchpoints()[n].mechanism; }
  std::string set_break(std::uint64_t address, BreakpointKind kind = BreakpointKind::Software) {
    return points.insert(kind, {address}, {}, cpu());
  }
  std::string set_watch(WatchKind kind, std::uint64_t address, std::uint64_t length) {
    return points.insert(kind, {address}, length, {}, cpu());
  }

  SoftwareBreakpoints planted{machine.memory()};
  GuestView view{machine.memory(), planted};
  StopPoints points{machine, view, planted, host};
};

TEST(StopPoints, MoreHardwareBreakpointsThanRegistersSpillOver) {
  Points p(kvm_intel());
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(p.set_break(p.code + i, BreakpointKind::Hardware), "");
  p.points.arm(p.cpu());
  int by_register = 0, by_int3 = 0;
  for (std::uint64_t i = 0; i < 10; ++i) {
    by_register += p.breakpoint(p.code + i) == Mechanism::DebugRegister;
    by_int3 += p.breakpoint(p.code + i) == Mechanism::Int3 && *p.at(p.code + i) == 0xcc;
  }
  EXPECT_EQ(by_register, 4);
  EXPECT_EQ(by_int3, 6);
}

TEST(StopPoints, AnUnmappedBreakpointGetsARegisterFirst) {
  Points p(kvm_intel());
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(p.code + i, BreakpointKind::Hardware);
  EXPECT_EQ(p.set_break(0xffffffff80000000), "");
  EXPECT_EQ(p.breakpoint(0xffffffff80000000), Mechanism::DebugRegister);
}

TEST(StopPoints, ALibraryPointTakesNoRegisterFromTheDebugger) {
  constexpr Gva unmapped{0xffffffff80000000};
  Points p(kvm_intel());
  p.points.set_library_point(unmapped);
  EXPECT_EQ(p.set_watch(WatchKind::Write, p.tables + 0x2001, 15), "");  // 1 + 2 + 4 + 8, in a page for registers only
  EXPECT_EQ(p.watchpoint(0), Mechanism::DebugRegister);
  EXPECT_FALSE(p.points.needs_stepping());
  p.points.remove(WatchKind::Write, {p.tables + 0x2001}, 15);
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(p.code + i);
  EXPECT_EQ(p.breakpoint(unmapped.value), Mechanism::DebugRegister);  // a planted one has its int3
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(p.code + i, BreakpointKind::Hardware);
  p.points.arm(p.cpu());
  EXPECT_EQ(p.breakpoint(unmapped.value), Mechanism::Idle);
  EXPECT_FALSE(p.points.needs_stepping());
}

TEST(StopPoints, TheLastResortIsAnnounced) {
  Points p(kvm_amd());
  EXPECT_NE(p.set_break(p.code).find("slow"), std::string::npos);
  EXPECT_EQ(p.breakpoint(p.code), Mechanism::Stepping);
  EXPECT_TRUE(p.points.needs_stepping());
}

TEST(StopPoints, ABreakpointIsPlantedWhenItsPageAppears) {
  Points p(kvm_pvm());
  constexpr std::uint64_t late = 0x40000000;
  for (std::uint64_t i = 0; i < 4; ++i)
    (void)p.set_break(0x80000000 + i);  // unmapped as well: the registers go to them
  (void)p.set_break(late);
  p.points.arm(p.cpu());
  p.put(p.tables + 0x3000, 0x87);  // the second GiB, mapped to the beginning of RAM
  p.put(p.tables + 0x1008, (p.tables + 0x3000) | 7);
  p.cpu().system_registers.cr3 |= 8;  // as a guest would, after it
  EXPECT_TRUE(p.points.stale(p.cpu()));
  p.points.arm(p.cpu());
  EXPECT_FALSE(p.points.at({late})->planted.empty());
}

// Two CPUs in address spaces of their own: `shared_address` is at one place for CPU 0, at another for CPU 1.
struct TwoSpaces : Points {
  static constexpr std::uint64_t shared_address = 0x40000000, second_tables = 0x14000, far_away = 0x200000;
  explicit TwoSpaces(HostStops stops) : Points(stops, 2) {
    put(tables + 0x3000, 0x87);
    put(tables + 0x1008, (tables + 0x3000) | 7);
    put(second_tables, (second_tables + 0x1000) | 7);
    put(second_tables + 0x1000, (tables + 0x2000) | 7);
    put(second_tables + 0x1008, (second_tables + 0x2000) | 7);
    put(second_tables + 0x2000, far_away | 0x87);
    cpu(1).system_registers.cr3 = second_tables;
  }
  void use_up_registers() {
    for (std::uint64_t i = 0; i < 4; ++i) (void)set_break(0x80000000 + i);
  }
};

TEST(StopPoints, ABreakpointIsPlantedInTheAddressSpacesOfAllCpus) {
  TwoSpaces p(kvm_pvm());
  p.use_up_registers();
  (void)p.set_break(p.shared_address + code_offset);
  p.points.arm(p.cpu(0));
  EXPECT_EQ(*p.at(code_offset), 0xcc);
  EXPECT_EQ(*p.at(p.far_away + code_offset), 0xcc);
  EXPECT_FALSE(p.points.stale(p.cpu(0)));
  EXPECT_FALSE(p.points.stale(p.cpu(1)));
  p.cpu(1).system_registers.cr3 = p.tables;
  p.points.arm(p.cpu(1));
  EXPECT_EQ(*p.at(code_offset), 0xcc);
  EXPECT_EQ(*p.at(p.far_away + code_offset), 0);
  p.cpu(1).system_registers.cr3 = p.second_tables;
  EXPECT_TRUE(p.points.stale(p.cpu(1)));
}

TEST(StopPoints, ACpuInRealModeHasNoSayAboveItsReach) {
  Points p(kvm_intel(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  constexpr std::uint64_t mapped_twice = 0x300000;
  p.put(p.tables + 0x2008, 0x87);  // 2 MiB and up is 0 and up
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(0x80000000 + i);
  (void)p.set_break(mapped_twice);
  p.points.arm(p.cpu(0));
  EXPECT_EQ(*p.at(0x100000), 0xcc);
  EXPECT_EQ(*p.at(mapped_twice), 0);
  EXPECT_FALSE(p.points.stale(p.cpu(1)));
}

// Where KVM hands an int3 at CPL 3 to the guest: the handlers of all CPUs are watched, whoever has armed.
TEST(StopPoints, ACpuWithoutHandlersDoesNotTakeThoseOfOthersAway) {
  Points p(kvm_pvm(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  (void)p.set_break(p.code);
  p.points.arm(p.cpu(0));
  EXPECT_FALSE(p.points.stale(p.cpu(1)));
  p.points.arm(p.cpu(1));
  EXPECT_TRUE(p.points.user_trap({p.handlers + 16 * 3}));
  EXPECT_FALSE(p.points.stale(p.cpu(0)));
}

TEST(StopPoints, AHandlerOfOneCpuIsAnExceptionEntryForAll) {
  Points p(kvm_pvm(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  ASSERT_TRUE(p.points.catch_exceptions({14}));
  p.points.arm(p.cpu(1));
  EXPECT_TRUE(p.points.exception_entry({p.handlers + 16 * 14}));
  EXPECT_FALSE(p.points.stale(p.cpu(0)));
  EXPECT_FALSE(p.points.stale(p.cpu(1)));
}

TEST(Watchpoints, ARangeIsGuardedInTheAddressSpacesOfAllCpus) {
  TwoSpaces p(kvm_pvm());
  (void)p.set_watch(WatchKind::Write, p.shared_address + data_offset, 8);
  p.points.arm(p.cpu(0));
  EXPECT_EQ(p.vm.access({data_offset}), 1);
  EXPECT_EQ(p.vm.access({p.far_away + data_offset}), 1);
  EXPECT_FALSE(p.points.stale(p.cpu(1)));
}

TEST(StopPoints, DisarmedMemoryIsAsItWas) {
  Points p(kvm_pvm());
  for (std::uint64_t i = 0; i < 8; ++i) (void)p.set_break(p.code + i);
  (void)p.set_watch(WatchKind::Write, p.data, 4);
  p.points.arm(p.cpu());
  EXPECT_EQ(p.vm.access({p.data}), 1);
  p.points.disarm();
  for (std::uint64_t i = 0; i < 8; ++i) EXPECT_EQ(*p.at(p.code + i), 0x90);
  EXPECT_EQ(p.vm.access({p.data}), 2);
}

TEST(Watchpoints, RegistersWhereTheyFireAndFit) {
  Points p(kvm_intel());
  (void)p.set_watch(WatchKind::Write, p.data + 1, 7);  // 1 + 2 + 4
  (void)p.set_watch(WatchKind::Access, p.data + 0x20, 8);
  (void)p.set_watch(WatchKind::Write, p.data + 0x1000, 8);  // one too many
  (void)p.set_watch(WatchKind::Read, p.data + 0x2000, 1);   // no register does this
  p.points.arm(p.cpu());
  EXPECT_EQ(p.watchpoint(0), Mechanism::DebugRegister);
  EXPECT_EQ(p.watchpoint(1), Mechanism::DebugRegister);
  EXPECT_EQ(p.watchpoint(2), Mechanism::MemorySlot);
  EXPECT_EQ(p.watchpoint(3), Mechanism::MemorySlot);
  EXPECT_EQ(p.vm.access({p.data + 0x1000}), 1);
  EXPECT_EQ(p.vm.access({p.data + 0x2000}), 0);
  const auto& debug = p.points.guest_debug();
  EXPECT_EQ(debug.address, (std::array<std::uint64_t, 4>{p.data + 1, p.data + 2, p.data + 4, p.data + 0x20}));
}

TEST(Watchpoints, PageTablesAreStepped) {
  Points p(kvm_pvm());
  EXPECT_NE(p.set_watch(WatchKind::Write, p.tables + 0x2000, 8), "");
  EXPECT_EQ(p.watchpoint(0), Mechanism::Stepping);
}

TEST(Watchpoints, ARangeOverAPageEdgeGuardsBothPages) {
  Points p(kvm_pvm());
  (void)p.set_watch(WatchKind::Write, p.data + 0xffc, 8);
  p.points.arm(p.cpu());
  EXPECT_EQ(p.vm.access({p.data}), 1);
  EXPECT_EQ(p.vm.access({p.data + 0x1000}), 1);
  EXPECT_EQ(p.vm.access({p.data + 0x2000}), 2);
  using enum WatchedAccess::Direction;
  EXPECT_TRUE(p.points.watched({{p.data + 0x1000}, 1, Write}));
  EXPECT_TRUE(p.points.watched({{p.data + 0xff8}, 8, Write}));  // straddles the range's begin
  EXPECT_FALSE(p.points.watched({{p.data + 0x1004}, 4, Write}));
  EXPECT_FALSE(p.points.watched({{p.data + 0x1000}, 1, Read}));
}

TEST(Watchpoints, AnOpenPageIsOrdinaryMemory) {
  Points p(kvm_pvm());
  (void)p.set_watch(WatchKind::Access, p.data, 1);
  p.points.arm(p.cpu());
  p.points.guards().open(p.vm);
  EXPECT_EQ(p.vm.access({p.data}), 2);
  p.points.guards().close(p.vm);
  EXPECT_EQ(p.vm.access({p.data}), 0);
}

TEST(Watchpoints, AGuardAnswersWithTheGuestsBytes) {
  Points p(kvm_pvm());
  (void)p.set_watch(WatchKind::Access, p.code, 1);
  p.points.arm(p.cpu());
  p.planted.plant({p.code + 4});
  std::array<std::uint8_t, 2> bytes{};
  using enum exits::Mmio::Direction;
  ASSERT_TRUE(p.points.guards().answer({{p.code + 4}, Read, bytes}));
  EXPECT_EQ(bytes[0], 0x90);
  bytes = {0x11, 0x22};
  ASSERT_TRUE(p.points.guards().answer({{p.code + 4}, Write, bytes}));
  EXPECT_EQ(*p.at(p.code + 4), 0xcc);
  EXPECT_EQ(*p.at(p.code + 5), 0x22);
  EXPECT_FALSE(p.points.guards().answer({{p.data}, Read, bytes}));
}

// ---- watchpoints compared around a step

struct Stepped : Points {
  Stepped() : Points(kvm_amd()) {
    cpu().general_registers.rbx = data;
    cpu().general_registers.rax = 0x55;
  }
  bool hits(WatchKind kind, std::initializer_list<std::uint8_t> instruction, auto&& effect) {
    (void)set_watch(kind, data, 4);
    points.arm(cpu());
    place(code, instruction);
    const SteppedWatch watch(points, view, cpu(), SteppedWatch::Which::GuardedToo);
    effect();
    return watch.hit() != nullptr;
  }
};
const auto nothing = [] {};

TEST(SteppedWatch, AWriteOfTheSameValueCounts) {
  EXPECT_TRUE(Stepped().hits(WatchKind::Write, {0x89, 0x03}, nothing));  // mov [rbx], eax
}
TEST(SteppedWatch, AReadIsNoWrite) {
  EXPECT_FALSE(Stepped().hits(WatchKind::Write, {0x8b, 0x03}, nothing));  // mov eax, [rbx]
  EXPECT_TRUE(Stepped().hits(WatchKind::Read, {0x8b, 0x03}, nothing));
}
TEST(SteppedWatch, WhatTheCpuWritesByItselfCounts) {
  Stepped s;
  EXPECT_TRUE(s.hits(WatchKind::Write, {0x90}, [&] { s.put(s.data, 1); }));
}
TEST(SteppedWatch, ANeighbourDoesNot) {
  EXPECT_FALSE(Stepped().hits(WatchKind::Access, {0x89, 0x43, 0x04}, nothing));  // mov [rbx + 4], eax
}

TEST(StopPoints, NoExceptionIsCaughtWhereNoHandlerStops) {
  Points s(kvm_amd());
  EXPECT_FALSE(s.points.catch_exceptions({14}));
  EXPECT_TRUE(s.points.caught().empty());
  EXPECT_TRUE(s.points.catch_exceptions({}));
}

TEST(StopPoints, ExceptionsAreCaughtByStepsWhereInt3sGoToTheGuest) {
  HostStops host = kvm_amd();
  host.step_enters_handler = true;
  Points s(host);
  ASSERT_TRUE(s.points.catch_exceptions({14}));
  s.points.arm(s.cpu());
  EXPECT_TRUE(s.points.needs_stepping());
  EXPECT_TRUE(s.points.exception_entry({s.handlers + 16 * 14}));
  EXPECT_EQ(*s.at(s.handlers + 16 * 14), 0);
}

}  // namespace
}  // namespace gdbvm

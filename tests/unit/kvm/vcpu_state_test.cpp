// Register banks with the real KVM: what is written is read back, and what KVM refuses changes nothing.
#include <algorithm>

#include "tests/unit/kvm/tiny_vm.h"
#include "vmm/debug/guest/register_access.h"
#include "vmm/x86/power_on.h"

namespace gdbvm::kvm {
namespace {

TEST_F(TinyVm, RefusedSystemRegistersChangeNothing) {
  load({0xe6, 0x10, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  const x86::SystemRegisters before = vcpu->system();
  x86::SystemRegisters wrong = before;
  wrong.cr0 |= x86::cr0::pg;  // paging without protection
  wrong.cr0 &= ~x86::cr0::pe;
  wrong.efer |= x86::efer::lme;
  EXPECT_FALSE(vcpu->set_system(wrong));
  EXPECT_EQ(vcpu->system().cr0, before.cr0);
  EXPECT_EQ(vcpu->system().efer, before.efer);
}

TEST_F(TinyVm, SystemRegistersWrittenBetweenRunsAreUsed) {
  load({0xe6, 0x10, 0x8e, 0xd8, 0xe6, 0x11, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  x86::SystemRegisters s = vcpu->system();
  s.cr2 = 0xdeadbeef;
  s.fs = x86::real_mode_segment(0x1234);
  ASSERT_TRUE(vcpu->set_system(s));
  EXPECT_EQ(vcpu->system().cr2, 0xdeadbeefu);
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  EXPECT_EQ(vcpu->system().cr2, 0xdeadbeefu);
  EXPECT_EQ(vcpu->system().fs.base, 0x12340u);
}

TEST_F(TinyVm, MsrsAreReadBackAndUnknownOnesAreRefused) {
  EXPECT_TRUE(vcpu->set_msr(0xc0000102, 0x1234567890));
  EXPECT_EQ(vcpu->msr(0xc0000102).value_or(0), 0x1234567890u);
  EXPECT_FALSE(vcpu->msr(0xdead0000).has_value());
  EXPECT_FALSE(vcpu->set_msr(0xdead0000, 1));
}

TEST_F(TinyVm, CpuidAnswersAsTheVmIsTold) {
  constexpr std::uint32_t mmx = 1u << 23;
  auto answers = system->supported_cpuid();
  for (x86::CpuidEntry& entry : answers) {
    if (entry.function == 1) entry.edx &= ~mmx;
  }
  Vm other(*system, {.cpus = 2, .cpuid = answers});
  const auto cpu = other.create_vcpu({1});
  const auto there = cpu->cpuid(), here = vcpu->cpuid();
  EXPECT_EQ(x86::find(there, 1)->edx & mmx, 0u);
  EXPECT_NE(x86::find(here, 1)->edx & mmx, 0u);
  EXPECT_EQ(x86::find(there, 1)->ebx >> 24, 1u) << "its own APIC id";
}

TEST_F(TinyVm, ExtendedStateIsReadBack) {
  x86::ExtendedState state = vcpu->extended();
  state.bytes[160] = 0x5a;  // xmm0
  state.bytes[512] |= 2;    // SSE in use
  ASSERT_TRUE(vcpu->set_extended(state));
  EXPECT_EQ(vcpu->extended().bytes[160], 0x5a);
}

TEST_F(TinyVm, DebugRegistersAreTheGuestsOwn) {
  x86::DebugRegisters registers = vcpu->debug_registers();
  registers.db = {0x10, 0x20, 0x30, 0x40};
  ASSERT_TRUE(vcpu->set_debug_registers(registers));
  vcpu->set_guest_debug({.use_debug_registers = true, .address = {0x9999}, .dr7 = 0x402});
  load({0xe6, 0x10, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  EXPECT_EQ(vcpu->debug_registers().db, registers.db);
  registers.dr7 = std::uint64_t{1} << 40;
  EXPECT_FALSE(vcpu->set_debug_registers(registers));
}

TEST_F(TinyVm, ResetIsPowerOn) {
  load({0xe6, 0x10, 0xf4});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  ASSERT_TRUE(vcpu->set_msr(0xc0000082, 0x4444));
  vcpu->reset();
  EXPECT_EQ(vcpu->general(), x86::power_on::general());
  const x86::SystemRegisters s = vcpu->system();
  EXPECT_EQ(s.cs.base, 0xffff0000u);
  EXPECT_EQ(s.cr0, x86::power_on::system(true).cr0);
  EXPECT_EQ(vcpu->msr(0xc0000082).value_or(1), 0u);
  load({0xe6, 0x12, 0xf4});
  EXPECT_TRUE(std::holds_alternative<exits::Io>(run()));
}

TEST_F(TinyVm, ResetIsWhatKvmGivesANewCpu) {
  const x86::GeneralRegisters general = vcpu->general();
  const x86::SystemRegisters system_registers = vcpu->system();
  vcpu->reset();
  auto reset = vcpu->general();
  reset.rdx = general.rdx;  // the CPU's family and model
  EXPECT_EQ(reset, general);
  EXPECT_EQ(vcpu->system().cs, system_registers.cs);
  EXPECT_EQ(vcpu->system().cr0, system_registers.cr0);
  EXPECT_EQ(vcpu->system().apic_base, system_registers.apic_base);
}

// From every bank, one register whose value KVM does not check.
TEST_F(TinyVm, TheTablesRegistersAreThoseOfTheRealCpu) {
  const x86::CpuFeatures features = x86::cpu_features(system->supported_cpuid());
  load({0xe6, 0x10, 0xeb, 0xfe});
  ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  (void)vcpu->complete();
  x86::RegisterAccess access(*vcpu, features);
  const std::vector<std::string_view> free_ones = {"r9",  "rip",       "es",        "st3",      "fop", "xmm5",
                                                   "cr2", "k_gs_base", "gdtr_base", "gs_limit", "dr2"};
  for (const x86::Register* r : x86::select(x86::View::Bits64, features)) {
    std::vector<std::uint8_t> value(r->size(x86::View::Bits64)), again(value.size());
    const auto read = access.read(*r, x86::View::Bits64, value);
    ASSERT_TRUE(read) << r->name64 << ": " << read.error();
    if (std::ranges::find(free_ones, r->name64) == free_ones.end()) continue;
    value[1] ^= 0x05;
    const auto written = access.write(*r, x86::View::Bits64, value);
    ASSERT_TRUE(written) << r->name64 << ": " << written.error();
    access.forget();
    vcpu->kick();
    (void)vcpu->run();
    ASSERT_TRUE(access.read(*r, x86::View::Bits64, again));
    EXPECT_EQ(again, value) << r->name64;
  }
}

TEST_F(TinyVm, ClockIsSet) {
  constexpr std::uint64_t hour = 3'600'000'000'000;
  vm->set_clock(hour);
  EXPECT_GE(vm->clock(), hour);
  vm->set_clock(0);
  EXPECT_LT(vm->clock(), hour);
}

TEST_F(TinyVm, TheMsrsOfItsStateAreAllWrittenAtOnce) {
  const auto& indices = vcpu->state_msrs();
  ASSERT_FALSE(indices.empty());
  EXPECT_NE(std::ranges::find(indices, x86::msr::lstar), indices.end());
  EXPECT_EQ(std::ranges::find(indices, x86::msr::tsc), indices.end());
  std::vector<std::uint64_t> values(indices.size()), again(indices.size());
  ASSERT_EQ(vcpu->read_msrs(indices, values), indices.size());
  values[static_cast<std::size_t>(std::ranges::find(indices, x86::msr::lstar) - indices.begin())] = 0x1234;
  ASSERT_EQ(vcpu->write_msrs(indices, values), indices.size());
  ASSERT_EQ(vcpu->read_msrs(indices, again), indices.size());
  EXPECT_EQ(again, values);
}

// Or runs on, where KVM does not let it be set (kvm_pvm).
TEST_F(TinyVm, TheTimeStampCounterGoesOnFromAValue) {
  const std::uint64_t before = vcpu->tsc();
  vcpu->set_tsc(before / 2);
  const std::uint64_t after = vcpu->tsc();
  EXPECT_TRUE(after < before || after - before < std::uint64_t{1} << 40);
  vcpu->set_tsc(before);
  EXPECT_GE(vcpu->tsc(), before);
}

}  // namespace
}  // namespace gdbvm::kvm

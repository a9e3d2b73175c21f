// Every register of the table written and read back, each with a different value.
#include "vmm/debug/guest/register_access.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <vector>

#include "tests/support/fake/fake_vcpu.h"
#include "vmm/x86/power_on.h"

namespace gdbvm::x86 {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct RegisterAccessTest : ::testing::Test {
  FakeVcpu vcpu;
  RegisterAccess access{vcpu, all_cpu_features()};

  void SetUp() override {
    for (const Register& r : register_table())
      if (r.bank == Bank::Msr) vcpu.msrs[r.where] = 0;
  }
  void enter_long_mode() {
    vcpu.system_registers.cr0 = cr0::pe | cr0::pg;
    vcpu.system_registers.efer = efer::lme | efer::lma;
    vcpu.system_registers.cs = flat_code64();
  }
  const Register& named(std::string_view name, View view = View::Bits64) {
    for (const Register& r : register_table())
      if (r.name(view) == name) return r;
    throw std::out_of_range(std::string(name));
  }
  std::uint64_t number(std::string_view name, View view = View::Bits64) {
    const Register& r = named(name, view);
    Bytes bytes(r.size(view));
    EXPECT_TRUE(access.read(r, view, bytes)) << name;
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), std::min<std::size_t>(bytes.size(), 8));
    return value;
  }
  std::string set(std::string_view name, std::uint64_t value, View view = View::Bits64) {
    const Register& r = named(name, view);
    Bytes bytes(r.size(view));
    std::memcpy(bytes.data(), &value, std::min<std::size_t>(bytes.size(), 8));
    const auto written = access.write(r, view, bytes);
    return written ? "" : written.error();
  }

  // A different value for each register, within the bits that it has.
  static Bytes own_value(const Register& r, View view, unsigned number) {
    Bytes bytes(r.size(view));
    for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), r.bytes); ++i)
      bytes[i] = static_cast<std::uint8_t>(number * 37 + i * 11 + 1);
    if (r.bank == Bank::SegmentAttributes) bytes = {static_cast<std::uint8_t>(number | 0x80), 0x0a, 0, 0};
    if (r.bank == Bank::TagWord) bytes = {0xff, 0xff, 0, 0};
    return bytes;
  }
  // All but the pc and the stack pointers, which are seen through registers that change here too.
  void write_all_and_read_back(View view) {
    std::map<const Register*, Bytes> written;
    unsigned count = 0;
    for (const Register* r : select(view, all_cpu_features())) {
      const bool is_elsewhere = r->bank == Bank::LinearPc || r->bank == Bank::StackPointer;
      if (is_elsewhere || r->bank == Bank::NoSystemCall) continue;
      written[r] = own_value(*r, view, ++count);
      const auto result = access.write(*r, view, written[r]);
      ASSERT_TRUE(result) << r->name(view) << ": " << result.error();
    }
    EXPECT_GT(count, 100u);
    access.forget();
    for (const auto& [r, value] : written) {
      Bytes bytes(r->size(view));
      ASSERT_TRUE(access.read(*r, view, bytes));
      EXPECT_EQ(bytes, value) << r->name(view);
    }
  }
};

TEST_F(RegisterAccessTest, EachRegisterHasItsOwnPlaceIn64Bits) { write_all_and_read_back(View::Bits64); }
TEST_F(RegisterAccessTest, EachRegisterHasItsOwnPlaceIn32Bits) { write_all_and_read_back(View::Bits32); }

// GDB writes -1 to it before it calls a function, and what it saved after that.
TEST_F(RegisterAccessTest, OrigRaxSaysThatThereIsNoSystemCall) {
  EXPECT_EQ(number("orig_rax"), ~std::uint64_t{0});
  EXPECT_EQ(number("orig_eax", View::Bits32), 0xffffffffu);
  EXPECT_EQ(set("orig_rax", 7), "");
  EXPECT_EQ(number("orig_rax"), ~std::uint64_t{0});
}

TEST_F(RegisterAccessTest, NamesMeanWhatTheySay) {
  enter_long_mode();
  vcpu.general_registers = {.rax = 1,
                            .rbx = 2,
                            .rcx = 3,
                            .rdx = 4,
                            .rsi = 5,
                            .rdi = 6,
                            .rsp = 7,
                            .rbp = 8,
                            .r8 = 9,
                            .r15 = 16,
                            .rip = 17,
                            .rflags = 2};
  vcpu.system_registers.gs.base = 0xffff888000000000;
  vcpu.system_registers.cr3 = 0x1234000;
  vcpu.system_registers.gdt = {.base = 0x500, .limit = 0x2f};
  vcpu.system_registers.ldt.selector = 0x30;
  vcpu.msrs[0xc0000082] = 0xffffffff81000000;
  vcpu.debug_register_bank.db[3] = 0x33;
  vcpu.debug_register_bank.dr7 = 0x401;
  EXPECT_EQ(number("rax"), 1u);
  EXPECT_EQ(number("rbx"), 2u);
  EXPECT_EQ(number("rsp"), 7u);
  EXPECT_EQ(number("rbp"), 8u);
  EXPECT_EQ(number("r15"), 16u);
  EXPECT_EQ(number("rip"), 17u);
  EXPECT_EQ(number("cs"), layout::code_selector);
  EXPECT_EQ(number("gs_base"), 0xffff888000000000u);
  EXPECT_EQ(number("cr3"), 0x1234000u);
  EXPECT_EQ(number("gdtr_base"), 0x500u);
  EXPECT_EQ(number("gdtr_limit"), 0x2fu);
  EXPECT_EQ(number("ldtr"), 0x30u);
  EXPECT_EQ(number("lstar"), 0xffffffff81000000u);
  EXPECT_EQ(number("dr3"), 0x33u);
  EXPECT_EQ(number("dr7"), 0x401u);
  EXPECT_EQ(number("cs_attr"), 0xa9bu);  // G, L, P, S, code
  EXPECT_EQ(number("fctrl"), 0x37fu);
  EXPECT_EQ(number("mxcsr"), 0x1f80u);
  EXPECT_EQ(number("ftag"), 0xffffu);
}

TEST_F(RegisterAccessTest, PcIsLinear) {
  vcpu.general_registers.rip = 0x100;
  vcpu.system_registers.cs = real_mode_code(0xf000);
  EXPECT_EQ(number("rip"), 0xf0100u);
  EXPECT_EQ(number("eip", View::Bits32), 0xf0100u);
  EXPECT_EQ(set("rip", 0xf0200), "");
  EXPECT_EQ(vcpu.general_registers.rip, 0x200u);
  EXPECT_EQ(set("rip", 0x7c00), "0x7c00 lies outside the code segment (base 0xf0000, limit 0xffff)");
  EXPECT_EQ(vcpu.general_registers.rip, 0x200u);
  enter_long_mode();
  EXPECT_EQ(set("rip", 0xffffffff81000000), "");
  EXPECT_EQ(number("rip"), 0xffffffff81000000u);
}

TEST_F(RegisterAccessTest, ANewSelectorInRealModeBringsItsBase) {
  EXPECT_EQ(set("ds", 0x1234), "");
  EXPECT_EQ(vcpu.system_registers.ds.base, 0x12340u);
  EXPECT_EQ(set("ds", 0x12345), "ds has only 16 bits");
  enter_long_mode();
  vcpu.system_registers.ds = flat_data();
  EXPECT_EQ(set("ds", 0x28), "");
  EXPECT_EQ(vcpu.system_registers.ds.base, 0u);
  EXPECT_EQ(vcpu.system_registers.ds.selector, 0x28);
}

TEST_F(RegisterAccessTest, NarrowViewKeepsWhatItDoesNotShow) {
  vcpu.general_registers.rax = 0x1122334455667788;
  EXPECT_EQ(number("eax", View::Bits32), 0x55667788u);
  EXPECT_EQ(set("eax", 0xaabbccdd, View::Bits32), "");
  EXPECT_EQ(vcpu.general_registers.rax, 0x11223344aabbccddu);
}

TEST_F(RegisterAccessTest, WritingMarksTheComponentAsInUse) {
  EXPECT_EQ(set("ymm3h", 0x55), "");
  EXPECT_EQ(vcpu.extended_state.bytes[512] & 4, 4);
  EXPECT_EQ(set("pkru", 0x55), "");
  EXPECT_EQ(vcpu.extended_state.bytes[513] & 2, 2);
}

TEST_F(RegisterAccessTest, AComponentInItsInitialStateReadsSo) {
  vcpu.extended_state.bytes.fill(0xee);
  for (std::size_t i = 512; i < 520; ++i) vcpu.extended_state.bytes[i] = 0;
  EXPECT_EQ(number("xmm0"), 0u);
  EXPECT_EQ(number("zmm31h"), 0u);
  EXPECT_EQ(number("fctrl"), 0x37fu);
  EXPECT_EQ(number("ftag"), 0xffffu);
}

TEST_F(RegisterAccessTest, RefusalsAreSentences) {
  vcpu.refuses = true;
  EXPECT_EQ(set("cr0", 0x80000000), "the CPU does not take this value in cr0");
  EXPECT_EQ(set("mxcsr", 0xffffffff), "the CPU does not take this value in mxcsr");
  EXPECT_EQ(set("dr6", 1), "the CPU does not take this value in dr6");
  EXPECT_EQ(set("xcr0", 6), "the CPU does not take this value in xcr0");
  EXPECT_EQ(number("xcr0"), 1u);
  vcpu.msrs.erase(0xc0000103);
  Bytes bytes(8);
  EXPECT_EQ(access.read(named("tsc_aux"), View::Bits64, bytes).error(), "this CPU has no MSR 0xc0000103");
  EXPECT_EQ(access.read(named("rax"), View::Bits32, bytes).error(), "eax has 4 bytes, not 8");
}

TEST_F(RegisterAccessTest, UnchangedValuesAreNotSent) {
  vcpu.refuses = true;
  EXPECT_EQ(set("cr0", number("cr0")), "");
  EXPECT_EQ(set("mxcsr", number("mxcsr")), "");
}

TEST_F(RegisterAccessTest, StateIsFetchedAnewOnlyAfterForget) {
  EXPECT_EQ(number("xcr0"), 1u);
  vcpu.xcr0_value = 7;
  EXPECT_EQ(number("xcr0"), 1u);
  access.forget();
  EXPECT_EQ(number("xcr0"), 7u);
}

TEST_F(RegisterAccessTest, AllMsrsAreReadTogetherAndAMissingOneHidesNoOther) {
  vcpu.msrs.erase(0xc0000081);
  vcpu.msrs[0xc0000084] = 5;
  Bytes bytes(8);
  EXPECT_EQ(access.read(named("star"), View::Bits64, bytes).error(), "this CPU has no MSR 0xc0000081");
  EXPECT_EQ(number("syscall_mask"), 5u);
  EXPECT_EQ(vcpu.msr_reads, 2u);
  EXPECT_EQ(set("syscall_mask", 6), "");
  EXPECT_EQ(number("syscall_mask"), 6u);
}

TEST_F(RegisterAccessTest, StackAndFrameAreLinearWhereSsHasABase) {
  vcpu.system_registers = power_on::system(true);
  vcpu.system_registers.ss.base = 0x90000;
  vcpu.general_registers.rsp = 0xfffe;
  vcpu.general_registers.rbp = 0xfff0;
  EXPECT_EQ(number("esp", View::Bits32), 0x9fffeu);
  EXPECT_EQ(number("ebp", View::Bits32), 0x9fff0u);
  EXPECT_EQ(number("rsp"), 0x9fffeu);
  EXPECT_EQ(set("esp", 0x91000, View::Bits32), "");
  EXPECT_EQ(set("ebp", 0x91010, View::Bits32), "");
  EXPECT_EQ(vcpu.general_registers.rsp, 0x1000u);
  EXPECT_EQ(vcpu.general_registers.rbp, 0x1010u);
  EXPECT_EQ(set("esp", 0x1000, View::Bits32), "0x1000 lies outside the stack segment (base 0x90000, limit 0xffff)");
  EXPECT_EQ(vcpu.general_registers.rsp, 0x1000u);
}

TEST_F(RegisterAccessTest, AFramePointerThatIsNoPointerIsWrittenBackAsItWas) {
  vcpu.system_registers = power_on::system(true);
  vcpu.system_registers.ss.base = 0x90000;
  vcpu.general_registers.rbp = 0xfffffff0;
  const std::uint64_t shown = number("ebp", View::Bits32);
  vcpu.general_registers.rbp = 0;
  EXPECT_EQ(set("ebp", shown, View::Bits32), "");
  EXPECT_EQ(vcpu.general_registers.rbp, 0xfffffff0u);
}

TEST_F(RegisterAccessTest, In64BitModeSsHasNoBase) {
  enter_long_mode();
  vcpu.system_registers.ss.base = 0x90000;
  vcpu.general_registers.rsp = 0xffff800000001000;
  EXPECT_EQ(number("rsp"), 0xffff800000001000u);
}

}  // namespace
}  // namespace gdbvm::x86

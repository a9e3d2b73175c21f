// The table's shape, as GDB's validation of descriptions requires it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "vmm/x86/registers.h"

namespace gdbvm::x86 {
namespace {

using Names = std::vector<std::string>;

std::vector<const Register*> of_feature(View view, std::string_view feature) {
  std::vector<const Register*> found;
  for (const Register* r : select(view, all_cpu_features()))
    if (r->feature == feature) found.push_back(r);
  return found;
}
Names names_of(View view, std::string_view feature) {
  Names names;
  for (const Register* r : of_feature(view, feature)) names.emplace_back(r->name(view));
  return names;
}
Names numbered(std::string_view before, unsigned first, unsigned last, std::string_view behind = "") {
  Names names;
  for (unsigned n = first; n <= last; ++n)
    names.push_back(std::string(before) + std::to_string(n) + std::string(behind));
  return names;
}
Names operator+(Names a, const Names& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Names x87_control = {"fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"};

TEST(RegisterTable, CoreIsGdbs64BitCore) {
  EXPECT_EQ(names_of(View::Bits64, "org.gnu.gdb.i386.core"),
            (Names{"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"} + numbered("r", 8, 15) +
             Names{"rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs"} + numbered("st", 0, 7) + x87_control));
}

// A GDB that has not read target.xml takes the g packet for these.
TEST(RegisterTable, TheClassicRegistersComeFirst) {
  for (const View view : {View::Bits64, View::Bits32}) {
    std::vector<std::string_view> features;
    for (const Register* r : select(view, all_cpu_features())) {
      if (features.empty() || features.back() != r->feature) features.push_back(r->feature);
    }
    EXPECT_EQ(features[0], "org.gnu.gdb.i386.core");
    EXPECT_EQ(features[1], "org.gnu.gdb.i386.sse");
  }
}

TEST(RegisterTable, LinuxsFeatureIsGdbs) {
  EXPECT_EQ(names_of(View::Bits64, "org.gnu.gdb.i386.linux"), Names{"orig_rax"});
  EXPECT_EQ(names_of(View::Bits32, "org.gnu.gdb.i386.linux"), Names{"orig_eax"});
}

TEST(RegisterTable, CoreIsGdbs32BitCore) {
  Names names = names_of(View::Bits32, "org.gnu.gdb.i386.core");
  EXPECT_EQ(names, (Names{"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip", "eflags", "cs", "ss", "ds",
                          "es", "fs", "gs"} +
                    numbered("st", 0, 7) + x87_control));
  for (const Register* r : of_feature(View::Bits32, "org.gnu.gdb.i386.core"))
    if (r->name32.substr(0, 2) != "st") {
      EXPECT_EQ(r->bits32, 32) << r->name32;
    }
}

TEST(RegisterTable, VectorFeaturesAreComplete) {
  EXPECT_EQ(names_of(View::Bits64, "org.gnu.gdb.i386.sse"), (numbered("xmm", 0, 15) + Names{"mxcsr"}));
  EXPECT_EQ(names_of(View::Bits32, "org.gnu.gdb.i386.sse"), (numbered("xmm", 0, 7) + Names{"mxcsr"}));
  EXPECT_EQ(names_of(View::Bits64, "org.gnu.gdb.i386.avx"), numbered("ymm", 0, 15, "h"));
  EXPECT_EQ(names_of(View::Bits32, "org.gnu.gdb.i386.avx"), numbered("ymm", 0, 7, "h"));
  EXPECT_EQ(
      names_of(View::Bits64, "org.gnu.gdb.i386.avx512"),
      (numbered("k", 0, 7) + numbered("zmm", 0, 31, "h") + numbered("xmm", 16, 31) + numbered("ymm", 16, 31, "h")));
  EXPECT_EQ(names_of(View::Bits32, "org.gnu.gdb.i386.avx512"), (numbered("k", 0, 7) + numbered("zmm", 0, 7, "h")));
  EXPECT_EQ(names_of(View::Bits64, "org.gnu.gdb.i386.segments"), (Names{"fs_base", "gs_base"}));
}

TEST(RegisterTable, NamesAreUniqueAndFeaturesAreInOnePiece) {
  for (const View view : {View::Bits64, View::Bits32}) {
    std::set<std::string_view> names, closed;
    std::string_view feature;
    for (const Register* r : select(view, all_cpu_features())) {
      EXPECT_TRUE(names.insert(r->name(view)).second) << r->name(view);
      if (r->feature != feature) {
        EXPECT_TRUE(closed.insert(r->feature).second) << r->feature << " comes twice";
      }
      feature = r->feature;
    }
  }
}

TEST(RegisterTable, SizesAreWholeBytesAndFlagTypesHaveTheirRegistersSize) {
  for (const View view : {View::Bits64, View::Bits32}) {
    for (const Register* r : select(view, all_cpu_features())) {
      EXPECT_EQ(r->bits(view) % 8, 0u);
      EXPECT_GT(r->bits(view), 0u) << r->name(view);
      for (const Type& type : types_of(r->feature)) {
        const auto* flags = std::get_if<FlagsType>(&type);
        if (flags && flags->id == r->type) {
          EXPECT_EQ(flags->bytes, r->size(view)) << r->name(view);
        }
      }
    }
  }
}

TEST(RegisterTable, EveryTypeIsKnown) {
  const std::set<std::string_view> predefined = {"int",      "int8",     "int16",       "int32",
                                                 "int64",    "uint64",   "uint128",     "code_ptr",
                                                 "data_ptr", "i387_ext", "ieee_single", "ieee_double"};
  for (const Register& r : register_table()) {
    bool known = predefined.contains(r.type);
    for (const Type& type : types_of(r.feature))
      known = known || std::visit([&](const auto& t) { return t.id == r.type; }, type);
    EXPECT_TRUE(known) << r.name64 << r.name32 << " has type " << r.type;
  }
}

TEST(RegisterTable, RolesAndExpeditedOnes) {
  for (const View view : {View::Bits64, View::Bits32}) {
    std::map<Role, int> roles;
    Names expedited;
    for (const Register* r : select(view, all_cpu_features())) {
      ++roles[r->role];
      if (r->expedited) expedited.emplace_back(r->name(view));
    }
    for (const Role role : {Role::Pc, Role::Sp, Role::Fp, Role::Flags}) EXPECT_EQ(roles[role], 1);
    EXPECT_EQ(expedited,
              view == View::Bits64 ? (Names{"rbp", "rsp", "rip", "eflags"}) : (Names{"ebp", "esp", "eip", "eflags"}));
  }
}

TEST(RegisterTable, DwarfNumbersAreUnique) {
  for (const View view : {View::Bits64, View::Bits32}) {
    std::set<int> numbers;
    for (const Register* r : select(view, all_cpu_features()))
      if (r->dwarf(view) >= 0) {
        EXPECT_TRUE(numbers.insert(r->dwarf(view)).second) << r->name(view);
      }
  }
}

TEST(CpuFeatures, AbsentOnesTakeTheirRegistersAway) {
  const std::vector<CpuidEntry> bare = {{.function = 0, .eax = 1}, {.function = 1}};
  for (const Register* r : select(View::Bits64, cpu_features(bare))) {
    EXPECT_TRUE(r->needs == Needs::Nothing || r->needs == Needs::NoLibraries) << r->name64;
  }
}

TEST(CpuFeatures, ComponentsAreWhereCpuidSays) {
  const std::vector<CpuidEntry> cpuid = {{.function = 1, .ecx = 1u << 28},
                                         {.function = 7, .index = 0, .flags = 1, .ebx = 1u << 16, .ecx = 1u << 3},
                                         {.function = 0xd, .index = 2, .flags = 1, .eax = 256, .ebx = 576},
                                         {.function = 0xd, .index = 5, .flags = 1, .eax = 64, .ebx = 832},
                                         {.function = 0xd, .index = 6, .flags = 1, .eax = 512, .ebx = 896},
                                         {.function = 0xd, .index = 7, .flags = 1, .eax = 1024, .ebx = 1408},
                                         {.function = 0xd, .index = 9, .flags = 1, .eax = 8, .ebx = 4090}};
  const CpuFeatures features = cpu_features(cpuid);
  EXPECT_TRUE(features.avx);
  EXPECT_TRUE(features.avx512);
  EXPECT_FALSE(features.pkru) << "its component would leave the area";
  EXPECT_EQ(features.component_offset[5], 832);
  EXPECT_EQ(features.component_offset[7], 1408);
}

// GDB for GNU/Linux would look for a dynamic linker's libraries instead.
TEST(RegisterTable, WhereLibrariesAreOfferedGdbIsNotToldOfSystemCalls) {
  const auto has_orig_rax = [](const CpuFeatures& features) {
    const auto registers = select(View::Bits64, features);
    return std::any_of(registers.begin(), registers.end(), [](const Register* r) { return r->name64 == "orig_rax"; });
  };
  CpuFeatures features = all_cpu_features();
  EXPECT_TRUE(has_orig_rax(features));
  features.libraries = true;
  EXPECT_FALSE(has_orig_rax(features));
}

}  // namespace
}  // namespace gdbvm::x86

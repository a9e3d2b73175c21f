// What a debugger asks of the machine as a whole.
#include "vmm/debug/control/debuggee.h"

#include <gtest/gtest.h>

#include "tests/unit/debug/rig.h"
#include "vmm/symbols/symbol_file.h"

namespace gdbvm {
namespace {

constexpr std::uint64_t linked = 0xffffffff81000000;

struct NamedPlaces : testing::Test {
  std::string describe(Rig& rig, std::uint64_t place, std::optional<std::uint64_t> slide = {}) {
    Debuggee debuggee(rig.machine,
                      {.features = x86::all_cpu_features(),
                       .probe = [] { return everything_works(); },
                       .quit = [] {},
                       .symbols = [this] { return symbols::CodeSymbols::of(symbols::reader_of(file)); }},
                      [](gdbstub::TargetEvent) {});
    return debuggee.describe(Gva{place}, slide);
  }
  const std::vector<std::uint8_t> file = symbols::make_symbol_file({{linked, 'T', "start"}});
};

TEST_F(NamedPlaces, AsGdbWritesThem) {
  Rig rig(everything_works(), 1);
  EXPECT_EQ(describe(rig, linked - 1), "0xffffffff80ffffff");
  EXPECT_EQ(describe(rig, linked), "0xffffffff81000000 <start>");
  EXPECT_EQ(describe(rig, linked + 18), "0xffffffff81000012 <start+18>");
}

TEST_F(NamedPlaces, MoveWithTheKernel) {
  Rig moving(everything_works(), 1, Gva{linked});
  EXPECT_EQ(describe(moving, linked), "0xffffffff81000000");  // where the kernel is, is not known yet
  EXPECT_EQ(describe(moving, linked + 0x400000, 0x400000), "0xffffffff81400000 <start>");
  EXPECT_EQ(describe(moving, linked, 0x400000), "0xffffffff81000000");
}

}  // namespace
}  // namespace gdbvm

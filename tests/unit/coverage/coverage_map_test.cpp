// From line tables to addresses, and from those that were passed to lines and functions.
#include "vmm/coverage/coverage_map.h"

#include <gmock/gmock.h>

namespace gdbvm::coverage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Patterns = std::vector<std::string>;

// A loop on line 3 of a.c begins in two places; lines 5 and 6 of b.c share an address.
symbols::SourceLines lines() {
  return {.files = {"/src/b.c", "/src/lib/a.c"},
          .rows = {{0x100, 1, 2}, {0x104, 1, 3}, {0x108, 1, 4}, {0x10c, 1, 3}, {0x200, 0, 5}, {0x200, 0, 6}},
          .functions = {{"b", 0, 5, 0x200, 0x210}, {"a", 1, 1, 0x100, 0x110}}};
}

TEST(IsChosen, ByTheWholePathOrItsEnd) {
  EXPECT_TRUE(is_chosen("/src/linux/kernel/fork.c", {}));
  EXPECT_TRUE(is_chosen("/src/linux/kernel/fork.c", Patterns{"kernel/*"}));
  EXPECT_TRUE(is_chosen("/src/linux/kernel/sched/core.c", Patterns{"kernel/*"}));
  EXPECT_TRUE(is_chosen("kernel/fork.c", Patterns{"kernel/*"}));
  EXPECT_TRUE(is_chosen("/src/fork.c", Patterns{"none", "fork.c"}));
  EXPECT_FALSE(is_chosen("/src/mykernel/fork.c", Patterns{"kernel/*"}));
  EXPECT_FALSE(is_chosen("/src/fork.c", Patterns{"src"}));
}

TEST(CoverageMap, HasEachAddressOnce) {
  const CoverageMap map(lines(), {});
  EXPECT_THAT(map.addresses(), ElementsAre(0x100, 0x104, 0x108, 0x10c, 0x200));
}

TEST(CoverageMap, ALineIsExecutedInAnyOfItsPlaces) {
  const CoverageMap map(lines(), Patterns{"a.c"});
  using Line = CoverageMap::Line;
  const auto report = map.report({false, false, false, true});
  ASSERT_EQ(report.size(), 1u);
  EXPECT_EQ(report[0].path, "/src/lib/a.c");
  EXPECT_THAT(report[0].lines, ElementsAre(Line{2, false}, Line{3, true}, Line{4, false}));
  EXPECT_THAT(report[0].functions, ElementsAre(CoverageMap::Function{"a", 1, true}));
}

TEST(CoverageMap, LinesAtOneAddressAreExecutedTogether) {
  const CoverageMap map(lines(), Patterns{"b.c"});
  using Line = CoverageMap::Line;
  EXPECT_THAT(map.report({true})[0].lines, ElementsAre(Line{5, true}, Line{6, true}));
}

TEST(CoverageMap, AFunctionIsExecutedWhereItsCodeIs) {
  const CoverageMap map(lines(), {});
  const auto report = map.report({false, false, false, false, true});
  ASSERT_EQ(report.size(), 2u);
  EXPECT_THAT(report[0].functions, ElementsAre(CoverageMap::Function{"b", 5, true}));
  EXPECT_THAT(report[1].functions, ElementsAre(CoverageMap::Function{"a", 1, false})) << "its end is not its own";
}

TEST(CoverageMap, FilesThatNobodyChoseAreMissing) {
  const CoverageMap map(lines(), Patterns{"c.c"});
  EXPECT_THAT(map.addresses(), IsEmpty());
  EXPECT_THAT(map.report({}), IsEmpty());
}

}  // namespace
}  // namespace gdbvm::coverage

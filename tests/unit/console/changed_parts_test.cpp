// Where two pictures differ.
#include "vmm/console/changed_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace gdbvm {

static void PrintTo(const Rectangle& r, std::ostream* out) {
  *out << r.left << ',' << r.top << " to " << r.right << ',' << r.bottom;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct ChangedParts : testing::Test {
  static constexpr unsigned columns = 10, rows = 40;
  std::vector<int> before = std::vector<int>(columns * rows), after = before;
  std::vector<Rectangle> parts() const {
    std::vector<Rectangle> all;
    changed_parts(std::span<const int>(before), std::span<const int>(after), columns,
                  [&](const Rectangle& part) { all.push_back(part); });
    return all;
  }
};

TEST_F(ChangedParts, AreNoneOfTheSamePicture) { EXPECT_THAT(parts(), IsEmpty()); }

TEST_F(ChangedParts, HaveAllThatDiffersAndLittleElse) {
  after[3 * columns + 7] = 1;
  after[5 * columns + 2] = 1;
  after[39 * columns + 9] = 1;
  EXPECT_THAT(parts(), ElementsAre(Rectangle{2, 0, 8, 16}, Rectangle{9, 32, 10, 40}));
}

TEST_F(ChangedParts, OfNothingAreNone) {
  changed_parts(std::span<const int>(), std::span<const int>(), 0, [](const Rectangle&) { FAIL(); });
}

}  // namespace
}  // namespace gdbvm

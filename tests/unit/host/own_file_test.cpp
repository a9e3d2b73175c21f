// Whole files, and what they may replace.
#include "vmm/host/own_file.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace gdbvm {
namespace {

using testing::HasSubstr;

constexpr FileMark mark{"own", 2};

struct OwnFileTest : testing::Test {
  std::string text(const std::string& path) {
    const auto bytes = read_whole(path);
    return {bytes.begin(), bytes.end()};
  }
  TemporaryDirectory directory;
};

TEST_F(OwnFileTest, ReplacesOneOfItsKind) {
  const std::string path = directory.path() + "/file";
  ASSERT_TRUE(write_own_file(path, "a own 1", {"own", 2}));
  ASSERT_TRUE(write_own_file(path, "b own", mark));
  EXPECT_EQ(text(path), "b own");
}

TEST_F(OwnFileTest, LeavesOthersAsTheyAre) {
  for (const char* foreign : {"own", "a ow", "", "an own letter"}) {
    const std::string path = directory.write("foreign", foreign);
    const auto refused = write_own_file(path, "a own", mark);
    ASSERT_FALSE(refused) << foreign;
    EXPECT_THAT(refused.error(), HasSubstr(path));
    EXPECT_EQ(text(path), foreign);
  }
}

}  // namespace
}  // namespace gdbvm

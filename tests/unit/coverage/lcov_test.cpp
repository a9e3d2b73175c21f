// The text of an .info file, and which files it may replace.
#include "vmm/coverage/lcov.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace gdbvm::coverage {
namespace {

using testing::HasSubstr;

const std::vector<CoverageMap::File> files{
    {"/a.c", {{"main", 1, true}, {"idle", 7, false}}, {{2, true}, {3, false}, {4, true}}}};
constexpr const char* text =
    "TN:gdbvm\n"
    "SF:/a.c\n"
    "FN:1,main\n"
    "FN:7,idle\n"
    "FNDA:1,main\n"
    "FNDA:0,idle\n"
    "FNF:2\n"
    "FNH:1\n"
    "DA:2,1\n"
    "DA:3,0\n"
    "DA:4,1\n"
    "LF:3\n"
    "LH:2\n"
    "end_of_record\n";

std::string contents(const std::string& path) {
  const auto bytes = read_whole(path);
  return {bytes.begin(), bytes.end()};
}

TEST(Lcov, SaysWhatWasExecuted) { EXPECT_EQ(lcov_of(files), text); }

TEST(Lcov, ReplacesItsOwnFilesOnly) {
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/all.info";
  ASSERT_TRUE(write_lcov(path, {}));
  ASSERT_TRUE(write_lcov(path, files));
  EXPECT_EQ(contents(path), text);

  const std::string other = directory.write("notes.txt", std::vector<std::uint8_t>{'T', 'N', ':', '\n'});
  const auto refused = write_lcov(other, files);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("notes.txt"));
  EXPECT_EQ(contents(other), "TN:\n");
  EXPECT_FALSE(new_lcov_file(directory.path() + "/absent/all.info"));
}

}  // namespace
}  // namespace gdbvm::coverage

// The line tables of a small program, which is compiled for this.
#include "vmm/symbols/source_lines.h"

#include <fcntl.h>

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"
#include "vmm/host/fd.h"

namespace gdbvm::symbols {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

std::expected<SourceLines, std::string> read(const std::string& path) {
  return read_source_lines(Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)).get());
}

TEST(SourceLines, OfAProgram) {
  const auto lines = read(SOURCE_LINES_SAMPLE);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->files.size(), 1u);
  EXPECT_THAT(lines->files[0], EndsWith("/source_lines_sample.c"));
  EXPECT_TRUE(std::ranges::is_sorted(lines->rows));
  EXPECT_EQ(std::ranges::adjacent_find(lines->rows), lines->rows.end());

  std::set<std::uint32_t> numbers;
  for (const auto& row : lines->rows) numbers.insert(row.line);
  numbers.erase(9);  // clang has no code for the bracket
  EXPECT_THAT(numbers, ElementsAre(1, 3, 4, 5, 6, 8));
  EXPECT_GE(std::ranges::count(lines->rows, 5u, &SourceLines::Row::line), 2) << "it begins, and goes on";
}

TEST(SourceLines, FunctionsHaveTheirCode) {
  const auto lines = read(SOURCE_LINES_SAMPLE);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->functions.size(), 2u);
  for (const auto& function : lines->functions) {
    const bool is_twice = function.name == "twice";
    EXPECT_TRUE(is_twice || function.name == "begin");
    EXPECT_EQ(function.line, is_twice ? 1u : 3u);
    for (const auto& row : lines->rows) {
      const bool inside = row.address >= function.start && row.address < function.end;
      EXPECT_EQ(inside, is_twice == (row.line < 3)) << row.line;
    }
  }
}

TEST(SourceLines, FilesWithoutThem) {
  TemporaryDirectory directory;
  const auto text = read(directory.write("text", "no program at all"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error(), "is not an ELF file");
  const auto cut = read_whole(SOURCE_LINES_SAMPLE);
  const auto headers = read(directory.write("cut", std::vector(cut.begin(), cut.begin() + 64)));
  ASSERT_TRUE(headers);
  EXPECT_THAT(headers->rows, IsEmpty());
}

}  // namespace
}  // namespace gdbvm::symbols

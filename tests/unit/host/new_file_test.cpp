// Creating a new file, and what may be in its place.
#include "vmm/host/new_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_directory.h"

namespace gdbvm {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;

// Here, files that begin with a plus sign may be replaced.
bool begins_with_plus(int fd) {
  char first = 0;
  return ::pread(fd, &first, 1, 0) == 1 && first == '+';
}

struct NewFileTest : testing::Test {
  TemporaryDirectory directory;
  std::string path = directory.path() + "/core";

  template <class T>
  static std::string error_of(const std::expected<T, std::string>& result) {
    return result ? std::string() : result.error();
  }
  std::string error_beside(const std::string& at) { return error_of(NewFile::beside(at, begins_with_plus)); }
  static void fill(const NewFile& file, std::string_view text) {
    EXPECT_EQ(::write(file.fd(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string text() {
    const auto bytes = read_whole(path);
    return {bytes.begin(), bytes.end()};
  }
  std::size_t file_count() {
    const fs::directory_iterator files(directory.path());
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
};

TEST_F(NewFileTest, AppearsWholeAndIsPrivate) {
  auto file = NewFile::beside(path, begins_with_plus);
  ASSERT_TRUE(file);
  fill(*file, "+new");
  EXPECT_FALSE(fs::exists(path));
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(text(), "+new");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(NewFileTest, NothingIsLeftOfOneThatIsNotPublished) {
  {
    const auto file = NewFile::beside(path, begins_with_plus);
  }
  EXPECT_EQ(file_count(), 0u);
}

TEST_F(NewFileTest, ReplacesOneOfItsKindAlone) {
  directory.write("core", "+old");
  {
    auto file = NewFile::beside(path, begins_with_plus);
    ASSERT_TRUE(file);
    fill(*file, "+new");
    ASSERT_TRUE(file->publish());
  }
  EXPECT_EQ(text(), "+new");
  EXPECT_EQ(file_count(), 1u);
  directory.write("core", "my thesis");
  EXPECT_THAT(error_beside(path), EndsWith("core: it exists, and gdbvm did not write it"));
  EXPECT_EQ(text(), "my thesis");
}

TEST_F(NewFileTest, AFileThatAppearsMeanwhileStays) {
  auto file = NewFile::beside(path, begins_with_plus);
  ASSERT_TRUE(file);
  fill(*file, "+new");
  directory.write("core", "my thesis");
  EXPECT_THAT(error_of(file->publish()), EndsWith("core: it exists, and gdbvm did not write it"));
  EXPECT_EQ(text(), "my thesis");
}

TEST_F(NewFileTest, AFileThatAppearsAfterTheLastLookStays) {
  directory.write("core", "+old");
  const std::string thesis = directory.write("thesis", "my thesis");
  int looks = 0;
  auto file = NewFile::beside(path, [&](int fd) {
    const bool may = begins_with_plus(fd);
    if (++looks == 2) fs::rename(thesis, path);
    return may;
  });
  ASSERT_TRUE(file);
  fill(*file, "+new");
  EXPECT_THAT(error_of(file->publish()), EndsWith("core: another file has just appeared there"));
  EXPECT_EQ(text(), "my thesis");
}

TEST_F(NewFileTest, NoSymbolicLinkIsFollowed) {
  directory.write("real/precious", "+old");
  fs::create_symlink("real/precious", path);
  EXPECT_THAT(error_beside(path), EndsWith("core: it is a symbolic link"));
  fs::remove(path);
  fs::create_symlink("nowhere", path);
  EXPECT_THAT(error_beside(path), EndsWith("core: it is a symbolic link"));
  fs::create_directory_symlink("real", directory.path() + "/link");
  EXPECT_THAT(error_beside(directory.path() + "/link/core"), EndsWith(": a symbolic link leads to its folder"));
  EXPECT_TRUE(NewFile::beside(directory.path() + "/real/core", begins_with_plus));
}

TEST_F(NewFileTest, ALinkThatAppearsMeanwhileStays) {
  auto file = NewFile::beside(path, begins_with_plus);
  ASSERT_TRUE(file);
  directory.write("precious", "+old");
  fs::create_symlink("precious", path);
  EXPECT_THAT(error_of(file->publish()), EndsWith("core: it is a symbolic link"));
  EXPECT_TRUE(fs::is_symlink(path));
}

TEST_F(NewFileTest, StaysInItsFolderWhateverTakesItsPlace) {
  directory.write("folder/readme", "");
  auto file = NewFile::beside(directory.path() + "/folder/core", begins_with_plus);
  ASSERT_TRUE(file);
  fs::rename(directory.path() + "/folder", directory.path() + "/moved");
  fs::create_directory(directory.path() + "/elsewhere");
  fs::create_directory_symlink("elsewhere", directory.path() + "/folder");
  ASSERT_TRUE(file->publish());
  EXPECT_TRUE(fs::exists(directory.path() + "/moved/core"));
  EXPECT_TRUE(fs::is_empty(directory.path() + "/elsewhere"));
}

TEST_F(NewFileTest, ARelativePathBeginsAtTheWorkingDirectory) {
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  {
    auto file = NewFile::beside("core", begins_with_plus);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->publish());
  }
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(path));
}

TEST_F(NewFileTest, OnlyRegularFilesAreReplaced) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(error_beside(path), EndsWith("core: it is not a regular file"));
  EXPECT_EQ(error_beside("/dev/null"), "cannot write /dev/null: it is not a regular file");
  EXPECT_EQ(error_beside("/nowhere/core"), "cannot write /nowhere/core: No such file or directory");
}

}  // namespace
}  // namespace gdbvm

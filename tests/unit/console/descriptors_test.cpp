// Files, and the standard streams as they come: pipes, regular files, somebody else's.
#include <gtest/gtest.h>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(ConsoleTest, AFileGetsAllOfIt) {
  std::ofstream(path("f")) << "what was there before";
  const std::string sent = pattern(300'000);
  open(serial_endpoint::File{path("f")}).write(bytes(sent));
  stop();
  std::ostringstream found;
  found << std::ifstream(path("f")).rdbuf();
  EXPECT_TRUE(found.str() == sent);
}

TEST_F(ConsoleTest, AFileThatCannotBe) {
  EXPECT_THROW(Console(context_, serial_endpoint::File{path("absent/f")}), std::system_error);
  EXPECT_THROW(Console(context_, serial_endpoint::File{directory_}), std::system_error);
}

TEST_F(StdioTest, PipesBothWays) {
  Console& console = open_stdio(in_[0], out_[1]);
  console.write(bytes("hello"));
  EXPECT_EQ(read_exactly(out_[0], 5), "hello");
  ASSERT_EQ(::write(in_[1], "abc", 3), 3);
  EXPECT_EQ(received_.wait_for(3), "abc");
  ::close(in_[1]);  // the end of input is not the end of the console
  console.write(bytes("more"));
  EXPECT_EQ(read_exactly(out_[0], 4), "more");
}

TEST_F(StdioTest, TheCallersDescriptorsStayBlocking) {
  open_stdio(in_[0], out_[1]);
  on_context([] {});
  EXPECT_EQ(::fcntl(in_[0], F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(::fcntl(out_[1], F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(StdioTest, InputThatBelongsToSomeoneElseIsLeftAlone) {
  ASSERT_EQ(::write(in_[1], "abc", 3), 3);
  open_stdio(in_[0], out_[1], false);
  on_context([] {});
  stop();
  EXPECT_EQ(read_exactly(in_[0], 3), "abc");
}

TEST_F(StdioTest, ARegularFileAsInputAndAsOutput) {
  const std::string script = pattern(10'000);
  std::ofstream(path("in")) << script;
  std::ofstream(path("out")) << "before ";
  const int in = ::open(path("in").c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open(path("out").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  Console& console = open_stdio(in, out);
  EXPECT_TRUE(received_.wait_for(script.size()) == script);
  console.write(bytes("after"));
  stop();
  std::ostringstream found;
  found << std::ifstream(path("out")).rdbuf();
  EXPECT_EQ(found.str(), "before after");
  ::close(in);
  ::close(out);
}

TEST_F(StdioTest, AReaderThatLeavesIsNoTrouble) {
  Console& console = open_stdio(in_[0], out_[1]);
  ::close(out_[0]);
  ::close(out_[1]);
  for (int i = 0; i < 100; ++i) console.write(bytes(std::string(10'000, 'x')));
}

}  // namespace
}  // namespace gdbvm

// A Unix socket's file: made, replaced where nobody needs it any more, and removed where it is still ours.
#include "gdbstub/server/unix_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace gdbstub {
namespace {

namespace fs = std::filesystem;

class UnixListenerTest : public testing::Test {
 protected:
  UnixListenerTest() {
    std::string name = testing::TempDir() + "gdbvm-unix-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~UnixListenerTest() override { fs::remove_all(directory_); }
  std::string path() const { return directory_ / "s"; }

  // A client's socket, or -1.
  int connect() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
  }
  std::string refusal() const {
    try {
      const UnixListener listener(path());
      return "";
    } catch (const std::system_error& error) {
      return error.what();
    }
  }

  fs::path directory_;
};

TEST_F(UnixListenerTest, ListensUntilItsEnd) {
  {
    const UnixListener listener(path());
    const int client = connect();
    EXPECT_GE(client, 0);
    ::close(client);
  }
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(UnixListenerTest, TheDescriptorMayLiveLonger) {
  std::optional<UnixListener> listener(path());
  const int fd = listener->release();
  EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
  listener.reset();
  EXPECT_FALSE(fs::exists(path()));
  EXPECT_EQ(::close(fd), 0);
}

TEST_F(UnixListenerTest, AFileOfAnotherKindIsLeftAlone) {
  std::ofstream(path()) << "precious";
  EXPECT_EQ(refusal(), "cannot listen on unix:" + path() + ": Address already in use");
  EXPECT_EQ(fs::file_size(path()), 8u);
}

TEST_F(UnixListenerTest, ASocketOfAProcessThatIsGoneIsReplaced) {
  std::optional<UnixListener> killed(path());
  fs::rename(path(), directory_ / "kept");  // as a process that is killed leaves it
  killed.reset();
  fs::rename(directory_ / "kept", path());
  ASSERT_EQ(connect(), -1);
  const UnixListener listener(path());
  const int client = connect();
  EXPECT_GE(client, 0);
  ::close(client);
}

TEST_F(UnixListenerTest, ASocketInUseIsRefusedAndItsOwnerNotDisturbed) {
  UnixListener first(path());
  EXPECT_THAT(refusal(), testing::HasSubstr("Address already in use"));
  pollfd arrived{.fd = first.release(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&arrived, 1, 0), 0);
  ::close(arrived.fd);
}

TEST_F(UnixListenerTest, AnothersSocketInItsPlaceStays) {
  std::optional<UnixListener> first(path());
  fs::remove(path());
  const UnixListener second(path());
  first.reset();
  EXPECT_TRUE(fs::exists(path()));
}

TEST_F(UnixListenerTest, APathThatIsTooLong) { EXPECT_THROW(UnixListener(std::string(200, 'x')), std::system_error); }

}  // namespace
}  // namespace gdbstub

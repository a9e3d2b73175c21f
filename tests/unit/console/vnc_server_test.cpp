// The RFB protocol (RFC 6143) on a pair of sockets: the handshake, pictures, keys and the pointer.
#include "vmm/console/vnc_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <unistd.h>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

namespace gdbvm {
namespace {

using Bytes = std::vector<std::uint8_t>;

// What the server calls, in order.
class Calls final {
 public:
  void add(const std::string& call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    changed_.notify_all();
  }
  // The next one.
  std::string wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !calls_.empty(); });
    if (calls_.empty()) return "nothing";
    std::string call = calls_.front();
    calls_.erase(calls_.begin());
    return call;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> calls_;
};

class VncServerTest : public testing::Test {
 protected:
  VncServerTest() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) < 0) throw_errno("socketpair");
    client = Fd(ends[0]);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    server.add_client(Fd(ends[1]));
  }
  Bytes read(std::size_t size) {
    Bytes bytes(size);
    const auto got = ::recv(client.get(), bytes.data(), size, MSG_WAITALL);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
  }
  void write(const Bytes& bytes) {
    EXPECT_EQ(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // Returns what the server says of its screen.
  Bytes handshake() {
    EXPECT_EQ(read(12), Bytes({'R', 'F', 'B', ' ', '0', '0', '3', '.', '0', '0', '8', '\n'}));
    write({'R', 'F', 'B', ' ', '0', '0', '3', '.', '0', '0', '8', '\n'});
    const Bytes kinds = read(1);
    EXPECT_EQ(kinds, Bytes{1});
    EXPECT_EQ(read(1), Bytes{1}) << "nobody needs a password";
    write({1});
    EXPECT_EQ(read(4), Bytes({0, 0, 0, 0}));
    write({1});
    const Bytes screen = read(24);
    read(screen.at(23));              // its name
    write({2, 0, 0, 1, 0, 0, 0, 0});  // raw pixels
    return screen;
  }
  void ask(bool for_changes, std::uint8_t width, std::uint8_t height) {
    write({3, for_changes, 0, 0, 0, 0, 0, width, 0, height});
  }
  // The only rectangle of an update: its place and size, and its pixels.
  struct Update {
    Bytes place, pixels;
  };
  Update update() {
    EXPECT_EQ(read(4), Bytes({0, 0, 0, 1}));
    Bytes header = read(12);
    EXPECT_EQ(header.size(), 12u);
    if (header.size() != 12) return {};
    const std::size_t pixels = std::size_t{header[5]} * header[7];
    header.resize(8);
    return {header, read(4 * pixels)};
  }

  Calls calls;
  Fd client;
  VncServer server{
      {.watched = [this](bool watched) { calls.add(watched ? "watched" : "alone"); },
       .key = [this](std::uint32_t keysym,
                     bool pressed) { calls.add("key " + std::to_string(keysym) + (pressed ? " down" : " up")); },
       .pointer =
           [this](VncServer::Pointer at) {
             calls.add("pointer " + std::to_string(at.column) + " " + std::to_string(at.row) + " " +
                       std::to_string(at.buttons));
           }}};
};

TEST_F(VncServerTest, TellsWhenSomebodyLooks) {
  EXPECT_EQ(calls.wait(), "watched");
  client = Fd();
  EXPECT_EQ(calls.wait(), "alone");
}

TEST_F(VncServerTest, SendsWhatHasChanged) {
  server.show(vga::Picture(8, 32));
  const Bytes screen = handshake();
  EXPECT_EQ((Bytes{screen[0], screen[1], screen[2], screen[3]}), Bytes({0, 8, 0, 32}));
  EXPECT_EQ(screen[4], 32) << "bits of a pixel";
  ask(false, 8, 32);
  EXPECT_EQ(update().pixels, Bytes(std::size_t{4} * 8 * 32));
  vga::Picture picture(8, 32);
  picture.at(20, 5) = {1, 2, 3};
  server.show(picture);
  ask(true, 8, 32);
  const Update changed = update();
  EXPECT_EQ(changed.place, Bytes({0, 5, 0, 16, 0, 1, 0, 16}));
  EXPECT_EQ((Bytes{changed.pixels.begin() + 16, changed.pixels.begin() + 20}), Bytes({1, 2, 3, 0}));
}

TEST_F(VncServerTest, TellsKeysAndThePointer) {
  EXPECT_EQ(calls.wait(), "watched");
  handshake();
  write({4, 1, 0, 0, 0, 0, 0, 'a'});
  EXPECT_EQ(calls.wait(), "key 97 down");
  write({4, 0, 0, 0, 0, 0, 0, 'a'});
  EXPECT_EQ(calls.wait(), "key 97 up");
  write({5, 4, 0, 10, 0, 20});
  EXPECT_EQ(calls.wait(), "pointer 10 20 4");
}

TEST_F(VncServerTest, ALinesWidthIsRoundedUp) {
  server.show(vga::Picture(9, 4));
  const Bytes screen = handshake();
  EXPECT_EQ((Bytes{screen[0], screen[1], screen[2], screen[3]}), Bytes({0, 12, 0, 4}));
}

}  // namespace
}  // namespace gdbvm

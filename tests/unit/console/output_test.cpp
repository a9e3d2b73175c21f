// Output to a reader that is slow, stuck, gone or not there yet.
#include "vmm/console/output.h"

#include <gtest/gtest.h>

#include <pthread.h>

#include <atomic>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(ConsoleTest, WithoutAClientTheNewestStays) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const std::string sent = pattern(200'000);
  for (std::size_t at = 0; at < sent.size(); at += 1000) console.write(bytes(sent.substr(at, 1000)));
  const int client = connect_client();
  EXPECT_TRUE(read_exactly(client, 65536) == sent.substr(sent.size() - 65536));
  ::close(client);
}

// The reader starts late and reads slowly; nothing is lost or out of order, and the writer is held back.
TEST_F(ConsoleTest, ASlowReaderGetsEverything) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");  // connected
  const std::string sent = pattern(5'000'000);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (std::size_t at = 0; at < sent.size(); at += 1000) console.write(bytes(sent.substr(at, 1000)));
    done = true;
  });
  EXPECT_TRUE(read_exactly(client, 1'000'000) == sent.substr(0, 1'000'000));
  EXPECT_FALSE(done);
  EXPECT_TRUE(read_exactly(client, 4'000'000) == sent.substr(1'000'000));
  writer.join();
  ::close(client);
}

TEST_F(ConsoleTest, ASignalEndsTheWaiting) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  std::atomic<bool> done = false;
  std::thread writer([&] {
    console.write(bytes(std::string(10'000'000, 'y')));
    done = true;
  });
  while (!done) {
    pthread_kill(writer.native_handle(), SIGUSR1);  // it may not be waiting yet
    std::this_thread::yield();
  }
  writer.join();
  EXPECT_EQ(read_exactly(client, 10'000'000).size(), 10'000'000u);  // accepted all the same
  ::close(client);
}

TEST_F(ConsoleTest, AThreadThatIsWantedElsewhereDoesNotWait) {
  std::atomic<bool> wanted = true;
  Console& console = open(serial_endpoint::UnixSocket{path("s")}, [&] { return wanted.load(); });
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  console.write(bytes(std::string(1'000'000, 'y')));  // would hang
  ::close(client);
}

TEST_F(ConsoleTest, ThereIsRoomOnceMostHasBeenRead) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  std::promise<void> at_first, after_much;
  console.when_room([&] { at_first.set_value(); });
  at_first.get_future().get();
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  std::atomic<bool> room = false;
  on_context([&] {
    console.say(std::string(10'000'000, 'y'));
    console.when_room([&] {
      room = true;
      after_much.set_value();
    });
  });
  EXPECT_EQ(read_exactly(client, 1'000'000).size(), 1'000'000u);
  on_context([] {});
  EXPECT_FALSE(room);
  EXPECT_EQ(read_exactly(client, 9'000'000).size(), 9'000'000u);
  after_much.get_future().get();
  ::close(client);
}

TEST_F(ConsoleTest, AClientThatVanishesReleasesTheWriter) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  std::thread writer([&] { console.write(bytes(std::string(10'000'000, 'y'))); });
  EXPECT_EQ(read_exactly(client, 1000).size(), 1000u);
  ::close(client);
  writer.join();
}

}  // namespace
}  // namespace gdbvm

// The host's end of the serial port: files, sockets, ptys and pipes, with slow readers and without any.
#include "vmm/console/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

namespace gdbvm {
namespace {

using namespace std::string_literals;

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string text(std::span<const std::uint8_t> of) { return {of.begin(), of.end()}; }

std::string pattern(std::size_t size) {
  std::string out(size, 0);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 7 + i / 251);
  return out;
}

// Reads from a blocking descriptor until it has `size` bytes or the end is reached.
std::string read_exactly(int fd, std::size_t size) {
  std::string out(size, 0);
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t n = ::read(fd, out.data() + filled, size - filled);
    if (n <= 0) break;
    filled += static_cast<std::size_t>(n);
  }
  out.resize(filled);
  return out;
}

// What the guest would get: waits for it with a promise, not by sleeping.
class Received {
 public:
  bool take(std::span<const std::uint8_t> of) {
    const std::lock_guard lock(mutex_);
    text_ += text(of);
    changed_.notify_all();
    return true;
  }
  std::string wait_for(std::size_t size) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return text_.size() >= size; });
    return text_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
};

class ConsoleTest : public testing::Test {
 protected:
  ConsoleTest() {
    std::signal(SIGPIPE, SIG_IGN);
    struct sigaction action{};
    action.sa_handler = [](int) {};
    sigaction(SIGUSR1, &action, nullptr);  // no SA_RESTART
    std::string name = testing::TempDir() + "gdbvm-console-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~ConsoleTest() override {
    stop();
    std::filesystem::remove_all(directory_);
  }
  std::string path(const char* name) const { return directory_ / name; }

  // Makes a console; its context runs on its own thread from then on.
  Console& open(const SerialEndpoint& endpoint, Console::Interrupted interrupted = {}) {
    console_ = std::make_unique<Console>(context_, endpoint, std::move(interrupted));
    console_->start_input([this](std::span<const std::uint8_t> of) { return received_.take(of); });
    thread_ = std::thread([this] { context_.run(); });
    return *console_;
  }
  void on_context(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(context_, [&] {
      work();
      done.set_value();
    });
    done.get_future().get();
  }
  void stop() {
    if (!thread_.joinable()) return;
    on_context([this] { console_.reset(); });
    guard_.reset();
    thread_.join();
  }
  int connect_client() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path("s").copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }

  std::filesystem::path directory_;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_{context_.get_executor()};
  Received received_;
  std::unique_ptr<Console> console_;
  std::thread thread_;
};

TEST_F(ConsoleTest, NoneTakesEverything) {
  Console& console = open(serial_endpoint::None{});
  console.write(bytes("lost"));
  EXPECT_EQ(console.address(), "");
}

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

TEST_F(ConsoleTest, ASocketCarriesBothWays) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  EXPECT_EQ(console.address(), "unix:" + path("s"));
  console.write(bytes("before anyone came, "));
  const int client = connect_client();
  console.write(bytes("and after"));
  EXPECT_EQ(read_exactly(client, 29), "before anyone came, and after");
  ASSERT_EQ(::write(client, "input", 5), 5);
  EXPECT_EQ(received_.wait_for(5), "input");
  ::close(client);
  stop();
  EXPECT_FALSE(std::filesystem::exists(path("s")));
}

TEST_F(ConsoleTest, ASecondClientWaitsForTheFirstToLeave) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const int first = connect_client();
  console.write(bytes("1"));
  EXPECT_EQ(read_exactly(first, 1), "1");
  const int second = connect_client();
  ASSERT_EQ(::write(second, "b", 1), 1);
  ASSERT_EQ(::write(first, "a", 1), 1);
  EXPECT_EQ(received_.wait_for(1), "a");
  ::close(first);
  EXPECT_EQ(received_.wait_for(2), "ab");
  console.write(bytes("2"));
  EXPECT_EQ(read_exactly(second, 1), "2");
  ::close(second);
}

TEST_F(ConsoleTest, WithoutAClientTheNewestStays) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const std::string sent = pattern(200'000);
  for (std::size_t at = 0; at < sent.size(); at += 1000) console.write(bytes(sent.substr(at, 1000)));
  const int client = connect_client();
  EXPECT_TRUE(read_exactly(client, 65536) == sent.substr(sent.size() - 65536));
  ::close(client);
}

TEST_F(ConsoleTest, ASocketPathThatExistsIsLeftAlone) {
  std::ofstream(path("s")) << "mine";
  EXPECT_THROW(Console(context_, serial_endpoint::UnixSocket{path("s")}), std::system_error);
  EXPECT_TRUE(std::filesystem::exists(path("s")));
  EXPECT_THROW(Console(context_, serial_endpoint::UnixSocket{std::string(200, 'x')}), std::system_error);
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

TEST_F(ConsoleTest, CloseFlushesWithoutTheContext) {
  // write() does not wait for room.
  console_ = std::make_unique<Console>(context_, serial_endpoint::UnixSocket{path("s")}, [] { return true; });
  const int client = connect_client();
  console_->start_input([](std::span<const std::uint8_t>) { return true; });
  context_.poll();  // accepts
  const std::string sent = pattern(2'000'000);
  console_->write(bytes(sent));
  auto all = std::async(std::launch::async, [&] { return read_exactly(client, sent.size()); });
  console_->close();
  EXPECT_TRUE(all.get() == sent);
  console_->close();
  console_->write(bytes("too late"));
  ::close(client);
}

TEST_F(ConsoleTest, CloseGivesUpOnAReaderThatIsStuck) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")}, [] { return true; });
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  console.write(bytes(std::string(1'000'000, 'y')));
  stop();
  ::close(client);
}

TEST_F(ConsoleTest, APtyIsRawAndKnowsWhoIsThere) {
  Console& console = open(serial_endpoint::Pty{});
  ASSERT_THAT(console.address(), testing::StartsWith("/dev/pts/"));
  console.write(bytes("banner\n"));
  std::string typed;
  for (int round = 0; round < 100; ++round) {
    const int terminal = ::open(console.address().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal, 0);
    if (round == 0) {
      EXPECT_EQ(read_exactly(terminal, 7), "banner\n");  // no \r: raw
    }
    ASSERT_EQ(::write(terminal, "in\n", 3), 3);
    typed += "in\n";
    ASSERT_EQ(received_.wait_for(typed.size()), typed);  // no echo of the banner
    console.write(bytes("out\n"));
    EXPECT_EQ(read_exactly(terminal, 4), "out\n");
    ::close(terminal);
  }
}

// Standard streams are replaced around the console's opening.
class StdioTest : public ConsoleTest {
 protected:
  StdioTest() {
    EXPECT_EQ(::pipe2(in_, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out_, O_CLOEXEC), 0);
  }
  Console& open_stdio(int in, int out, bool input = true) {
    const int saved_in = ::dup(0), saved_out = ::dup(1);
    ::dup2(in, 0);
    ::dup2(out, 1);
    Console& console = open(serial_endpoint::Stdio{input});
    ::dup2(saved_in, 0);
    ::dup2(saved_out, 1);
    ::close(saved_in);
    ::close(saved_out);
    return console;
  }
  int in_[2], out_[2];
};

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

TEST_F(StdioTest, InputPausesUntilTheGuestWantsMore) {
  Console& console = open_stdio(in_[0], out_[1]);
  std::promise<void> paused;
  Received second;
  on_context([&] {
    console.start_input([&, first = true](std::span<const std::uint8_t> of) mutable {
      if (!std::exchange(first, false)) return second.take(of);
      paused.set_value();
      return false;
    });
  });
  ASSERT_EQ(::write(in_[1], "a", 1), 1);
  paused.get_future().get();
  ASSERT_EQ(::write(in_[1], "b", 1), 1);
  for (int i = 0; i < 10; ++i) on_context([] {});  // the context looks at its descriptors in between
  pollfd readable{.fd = in_[0], .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&readable, 1, 0), 1);  // still in the pipe
  console.resume_input();
  EXPECT_EQ(second.wait_for(1), "b");
}

}  // namespace
}  // namespace gdbvm

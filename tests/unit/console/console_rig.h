// A console with its context on a thread of its own, and the other end in the test's hands.
#pragma once

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "vmm/console/console.h"

namespace gdbvm {

inline std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string text(std::span<const std::uint8_t> of) { return {of.begin(), of.end()}; }

inline std::string pattern(std::size_t size) {
  std::string out(size, 0);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 7 + i / 251);
  return out;
}

// Reads from a blocking descriptor until it has `size` bytes or the end is reached.
inline std::string read_exactly(int fd, std::size_t size) {
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

}  // namespace gdbvm

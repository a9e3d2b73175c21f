// Bytes on their way from vCPU threads to a host descriptor that may not accept them at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include <asio/posix/stream_descriptor.hpp>

namespace gdbvm {

// The process ignores SIGPIPE: a reader that left is an error of write(), and then nothing is written any more.
class ConsoleOutput final : public std::enable_shared_from_this<ConsoleOutput> {
 public:
  static constexpr std::size_t queue_limit = 64 * 1024;

  // `interrupted` may be empty; see Console.
  ConsoleOutput(asio::io_context& context, std::function<bool()> interrupted);

  // Any thread.
  void write(std::span<const std::uint8_t> bytes);
  // On the io_context's thread, which must not wait for itself: after what is queued, however much that is.
  void write_at_once(std::span<const std::uint8_t> bytes);
  // Calls it on the io_context's thread, later, once no more than queue_limit waits or nothing takes the bytes.
  void when_room(std::function<void()> then);

  // On the io_context's thread: an end for the bytes is there (they are written from now on), or gone. `host` becomes
  // non-blocking.
  void connect(asio::posix::stream_descriptor host);
  void disconnect();
  // See Console::close().
  void close();

 private:
  // All of these need mutex_.
  std::size_t queued() const { return queue_.size() - queue_start_; }
  bool connected() const { return host_.is_open() && !broken_; }
  std::size_t write_some(std::span<const std::uint8_t> bytes);
  void put(std::span<const std::uint8_t> bytes);
  void drain();
  void append(std::span<const std::uint8_t> bytes);
  void drop_oldest();
  void flush_later();
  void update_room();

  void flush();          // on the io_context's thread
  void wait_for_room();  // without mutex_

  asio::io_context& context_;
  const std::function<bool()> interrupted_;
  std::mutex mutex_;
  asio::posix::stream_descriptor host_;
  std::vector<std::uint8_t> queue_;
  std::size_t queue_start_ = 0;  // what lies before has been written
  bool flushing_ = false;        // flush() is due
  bool broken_ = false;          // the host's end failed
  bool closed_ = false;
  // An eventfd, readable while the queue has room: unlike a condition variable, waiting for it ends with a signal.
  asio::posix::stream_descriptor room_;
  bool room_shown_ = false;
};

}  // namespace gdbvm

// The two kinds of byte stream a client can be at the other end of: a socket, or a pair of descriptors.
#pragma once

#include <utility>
#include <variant>

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/write.hpp>

namespace gdbstub {

using Socket = asio::generic::stream_protocol::socket;
struct DescriptorPair {
  asio::posix::stream_descriptor in;
  asio::posix::stream_descriptor out;
};

class Channel {
 public:
  explicit Channel(Socket socket) : stream_(std::move(socket)) {}
  explicit Channel(DescriptorPair pair) : stream_(std::move(pair)) {}

  template <class Handler>
  void read_some(asio::mutable_buffer into, Handler handler) {
    if (auto* socket = std::get_if<Socket>(&stream_)) {
      socket->async_read_some(into, std::move(handler));
    } else {
      std::get<DescriptorPair>(stream_).in.async_read_some(into, std::move(handler));
    }
  }
  template <class Handler>
  void write_all(asio::const_buffer from, Handler handler) {
    if (auto* socket = std::get_if<Socket>(&stream_)) {
      asio::async_write(*socket, from, std::move(handler));
    } else {
      asio::async_write(std::get<DescriptorPair>(stream_).out, from, std::move(handler));
    }
  }
  // nullptr: a pair of descriptors.
  Socket* socket() { return std::get_if<Socket>(&stream_); }
  void close() {
    asio::error_code ignored;
    if (auto* socket = std::get_if<Socket>(&stream_)) {
      socket->close(ignored);
    } else {
      auto& pair = std::get<DescriptorPair>(stream_);
      pair.in.close(ignored);
      pair.out.close(ignored);
    }
  }

 private:
  std::variant<Socket, DescriptorPair> stream_;
};

}  // namespace gdbstub

#include "tests/bench/rsp/client.h"

#include <cstring>

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace gdbvm::bench {

namespace {

int connect_to(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) throw ClientError("an address is HOST:PORT, not " + address);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &hints, &found) != 0) {
    throw ClientError("there is no such address: " + address);
  }
  const int fd = ::socket(found->ai_family, SOCK_STREAM, 0);
  const int result = ::connect(fd, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  if (result < 0) throw ClientError(fmt::format("connect to {}: {}", address, std::strerror(errno)));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval patience{60, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

}  // namespace

Client::Client(const std::string& address) : fd_(connect_to(address)), input_(4u << 20, '\0') {
  const std::string features = expand(ask("qSupported:swbreak+;hwbreak+;vContSupported+"));
  if (const auto at = features.find("PacketSize="); at != std::string::npos) {
    packet_size_ = std::stoul(features.substr(at + 11), nullptr, 16);
  }
  if (features.find("QStartNoAckMode+") != std::string::npos && ask("QStartNoAckMode") == "OK") acks_ = false;
  ask("?");
  drop_unasked();
}

Client::~Client() { ::close(fd_); }

// QEMU stops its guest when a client connects, and reports that in addition to the reply to `?`.
void Client::drop_unasked() {
  pollfd readable{fd_, POLLIN, 0};
  while (::poll(&readable, 1, 50) > 0) receive_any();
  parsed_ = used_;
}

std::string_view Client::ask(std::string_view payload) {
  send(payload);
  return receive();
}

void Client::send(std::string_view payload) {
  unsigned sum = 0;
  for (const char c : payload) sum += static_cast<std::uint8_t>(c);
  output_.clear();
  output_ += '$';
  output_ += payload;
  output_ += fmt::format("#{:02x}", sum & 0xff);
  write_all(output_);
}

void Client::send_byte(char byte) { write_all({&byte, 1}); }

std::string_view Client::receive() {
  for (;;) {
    const std::string_view payload = receive_any();
    const bool console = payload.size() > 1 && payload[0] == 'O' && payload != "OK";
    if (!console) return payload;
  }
}

std::string_view Client::receive_any() {
  if (parsed_ == used_) parsed_ = used_ = 0;
  std::size_t scanned = parsed_;
  for (;;) {
    const auto* hash = static_cast<const char*>(std::memchr(input_.data() + scanned, '#', used_ - scanned));
    if (hash != nullptr && input_.data() + used_ - hash >= 3) {
      const auto* start = static_cast<const char*>(std::memchr(input_.data() + parsed_, '$', used_ - parsed_));
      parsed_ = static_cast<std::size_t>(hash - input_.data()) + 3;
      if (acks_) write_all("+");
      return {start + 1, hash};
    }
    if (hash == nullptr) scanned = used_;
    if (used_ == input_.size()) throw ClientError("a reply is too long");
    const auto count = ::recv(fd_, input_.data() + used_, input_.size() - used_, 0);
    if (count <= 0) throw ClientError(count == 0 ? "the server has gone" : std::strerror(errno));
    used_ += static_cast<std::size_t>(count);
  }
}

void Client::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) throw ClientError(fmt::format("send: {}", std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string expand(std::string_view payload) {
  std::string out;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    if (payload[i] != '*' || i == 0) {
      out += payload[i];
    } else {
      out.append(static_cast<std::size_t>(static_cast<unsigned char>(payload[++i]) - 29), out.back());
    }
  }
  return out;
}

}  // namespace gdbvm::bench

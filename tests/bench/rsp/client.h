// A blocking remote-protocol client that adds no delay to what is measured.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gdbvm::bench {

struct ClientError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Client final {
 public:
  // HOST:PORT. Turns acknowledgements off if the server supports it. Throws ClientError, as everything here does.
  explicit Client(const std::string& address);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The reply's payload as it was on the wire, valid until the next call; console output (O packets) is skipped.
  std::string_view ask(std::string_view payload);
  void send(std::string_view payload);
  void send_byte(char byte);
  std::string_view receive();

  // The longest packet that the server accepts.
  std::size_t packet_size() const { return packet_size_; }

 private:
  std::string_view receive_any();
  void drop_unasked();
  void write_all(std::string_view bytes);

  int fd_ = -1;
  bool acks_ = true;
  std::size_t packet_size_ = 400;
  std::string input_;
  std::size_t used_ = 0;    // of input_, read from the socket
  std::size_t parsed_ = 0;  // of these, already returned
  std::string output_;
};

// Expands run lengths: X*N stands for X and N - 29 more of it.
std::string expand(std::string_view payload);

}  // namespace gdbvm::bench

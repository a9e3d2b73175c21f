// The guest's screen, keyboard and mouse for VNC clients (RFC 6143), by LibVNCServer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "vmm/devices/vga/picture.h"
#include "vmm/host/fd.h"

namespace gdbvm {

// It has a thread of its own, since LibVNCServer waits for clients that are slow: nobody else does.
class VncServer final {
 public:
  struct Pointer {
    unsigned column, row;
    std::uint8_t buttons;  // left, middle, right, wheel up, wheel down, from bit 0 on
  };
  // All are called on the server's thread.
  struct Actions {
    std::function<void(bool watched)> watched;  // the first client has come, or the last one gone
    std::function<void(std::uint32_t keysym, bool pressed)> key;
    std::function<void(Pointer)> pointer;
  };

  // Throws std::system_error.
  explicit VncServer(Actions actions);
  ~VncServer();  // disconnects the clients
  VncServer(const VncServer&) = delete;
  VncServer& operator=(const VncServer&) = delete;

  // From any thread. A connected stream socket: any number of clients see the same.
  void add_client(Fd socket);
  // The clients are sent what has changed since the picture before, when they ask for it.
  void show(vga::Picture picture);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace gdbvm

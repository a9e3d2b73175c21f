// The guest's screen, keyboard and mouse by VNC.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <asio/steady_timer.hpp>

#include "gdbstub/server/accept_loop.h"
#include "vmm/console/vnc_server.h"

namespace gdbvm {

class Debuggee;

// On the debugger's thread. While there are clients it looks at the guest's screen 30 times a second. A guest that is
// stopped shows what it showed, and finds the keys when it runs on.
class GuestVnc final {
 public:
  // Throws as gdbstub::Listener does. It lives until the context does not run any more.
  GuestVnc(asio::io_context& context, Debuggee& debuggee, const gdbstub::Endpoint& endpoint);
  ~GuestVnc();
  GuestVnc(const GuestVnc&) = delete;
  GuestVnc& operator=(const GuestVnc&) = delete;

  const std::string& address() const { return listener_->address(); }

 private:
  VncServer::Actions actions();
  void draw();
  vga::Picture picture();
  void press(std::uint32_t keysym, bool pressed);
  void point(VncServer::Pointer pointer);

  asio::io_context& context_;
  Debuggee& debuggee_;
  asio::steady_timer timer_;
  const std::shared_ptr<gdbstub::AcceptLoop> listener_;
  bool watched_ = false;
  unsigned width_ = 720, height_ = 400;        // of the last picture
  std::optional<VncServer::Pointer> pointer_;  // where it was last
  VncServer server_;
};

}  // namespace gdbvm

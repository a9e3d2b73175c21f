// The guest's screen and keyboard on the user's terminal.
#pragma once

#include <cstdint>
#include <span>

#include "vmm/console/console.h"
#include "vmm/console/held_output.h"
#include "vmm/console/live_screen.h"

namespace gdbvm {

class Debuggee;

// On the debugger's thread.
class GuestScreen final {
 public:
  // Standard output is a terminal.
  static bool possible();
  // `serial`: the port's output, if it goes to the same terminal, where it waits while the screen is shown; or nullptr.
  GuestScreen(asio::io_context& context, Debuggee& debuggee, Console& terminal, HeldOutput* serial);

  void show(bool shown);
  void type(std::span<const std::uint8_t> typed);
  // The text on the screen, if that is what was shown, stays on the terminal.
  void leave();

 private:
  std::optional<vga::TextScreen> read();

  Debuggee& debuggee_;
  Console& terminal_;
  HeldOutput* const serial_;
  LiveScreen live_;
};

}  // namespace gdbvm

// The guest's screen on the user's terminal, drawn anew as it changes.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <asio/steady_timer.hpp>

#include "vmm/console/screen_painter.h"

namespace gdbvm {

// 80 by 25 where the terminal does not know.
ScreenPainter::Size terminal_size(int fd);

// On the io_context's thread. While it is shown it looks at the guest's screen 30 times a second, since memory tells
// nobody that it was written; no further picture is sent before the terminal has taken the last one.
class LiveScreen final {
 public:
  struct Actions {
    std::function<std::optional<vga::TextScreen>()> read;
    std::function<void(std::string_view)> print;
    std::function<ScreenPainter::Size()> size;  // the terminal's
    // Calls it once when the terminal has room for more text.
    std::function<void(std::function<void()>)> when_room;
  };

  // What a call of when_room() is given may be called as long as the object lives.
  LiveScreen(asio::io_context& context, Actions actions) : timer_(context), actions_(std::move(actions)) {}

  bool shown() const { return shown_; }
  void show();
  void hide();

 private:
  void draw();

  asio::steady_timer timer_;
  const Actions actions_;
  ScreenPainter painter_;
  bool shown_ = false;
  unsigned showing_ = 0;  // how often it was shown: what was begun before the last time does not go on
};

}  // namespace gdbvm

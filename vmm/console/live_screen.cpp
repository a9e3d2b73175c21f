#include "vmm/console/live_screen.h"

#include <sys/ioctl.h>

#include <chrono>
#include <utility>

namespace gdbvm {

namespace {
constexpr std::chrono::milliseconds between_pictures{33};
}

ScreenPainter::Size terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void LiveScreen::show() {
  if (std::exchange(shown_, true)) return;
  ++showing_;
  actions_.print(painter_.begin());
  draw();
}

void LiveScreen::hide() {
  if (!std::exchange(shown_, false)) return;
  timer_.cancel();
  actions_.print(painter_.end());
}

void LiveScreen::draw() {
  const std::string picture = painter_.paint(actions_.read(), actions_.size());
  if (!picture.empty()) actions_.print(picture);
  timer_.expires_after(between_pictures);
  timer_.async_wait([this, showing = showing_](const std::error_code& error) {
    if (error || !shown_ || showing != showing_) return;
    actions_.when_room([this, showing] {
      if (shown_ && showing == showing_) draw();
    });
  });
}

}  // namespace gdbvm

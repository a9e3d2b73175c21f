#include "vmm/app/guest_vnc.h"

#include <asio/post.hpp>

#include "vmm/console/keysyms.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/devices/ps2/i8042.h"
#include "vmm/machine/shown_screen.h"

namespace gdbvm {

namespace {

constexpr std::chrono::milliseconds between_pictures{33};

// A VGA's cursor is seen for eight of its 70 pictures a second, and not for the next eight; characters half as often.
vga::Blink blink_at(std::chrono::nanoseconds time) {
  constexpr std::chrono::nanoseconds half_period{8 * 1'000'000'000L / 70};
  const auto halves = time / half_period;
  return {.cursor = halves % 2 == 0, .characters = halves / 2 % 2 == 0};
}

// VNC has the left button, the middle one, the right one and two for the wheel.
std::uint8_t mouse_buttons(std::uint8_t vnc) {
  using ps2::Mouse;
  return static_cast<std::uint8_t>((vnc & 1 ? Mouse::Left : 0) | (vnc & 2 ? Mouse::Middle : 0) |
                                   (vnc & 4 ? Mouse::Right : 0));
}

// Clicks of the wheel towards the user.
int wheel_clicks(std::uint8_t before, std::uint8_t now) {
  constexpr unsigned away = 8, towards = 16;
  const unsigned pressed = now & ~unsigned{before};
  return (pressed & towards ? 1 : 0) - (pressed & away ? 1 : 0);
}

}  // namespace

GuestVnc::GuestVnc(asio::io_context& context, Debuggee& debuggee, const gdbstub::Endpoint& endpoint)
    : context_(context),
      debuggee_(debuggee),
      timer_(context),
      listener_(std::make_shared<gdbstub::AcceptLoop>(context, endpoint)),
      server_(actions()) {
  listener_->start([this](gdbstub::Socket socket) { server_.add_client(Fd(socket.release())); });
}

GuestVnc::~GuestVnc() { listener_->stop(); }

VncServer::Actions GuestVnc::actions() {
  const auto later = [this](auto then) { asio::post(context_, std::move(then)); };
  return {.watched =
              [this, later](bool watched) {
                later([this, watched] {
                  watched_ = watched;
                  timer_.cancel();
                  if (watched) draw();
                });
              },
          .key = [this, later](std::uint32_t keysym,
                               bool pressed) { later([this, keysym, pressed] { press(keysym, pressed); }); },
          .pointer = [this, later](VncServer::Pointer pointer) { later([this, pointer] { point(pointer); }); }};
}

void GuestVnc::draw() {
  server_.show(picture());
  timer_.expires_after(between_pictures);
  timer_.async_wait([this](const std::error_code& error) {
    if (!error && watched_) draw();
  });
}

// Black where there is none.
vga::Picture GuestVnc::picture() {
  Machine& machine = debuggee_.machine();
  auto picture = debuggee_.run_control().held(
      [&] { return shown_picture(machine.chipset(), machine.memory(), blink_at(machine.clock().now())); });
  if (!picture) return {width_, height_};
  width_ = picture->width;
  height_ = picture->height;
  return std::move(*picture);
}

void GuestVnc::press(std::uint32_t keysym, bool pressed) {
  const auto key = key_of_keysym(keysym);
  if (!key) return;
  const ps2::KeyEvent event{*key, pressed ? ps2::Stroke::Press : ps2::Stroke::Release};
  (void)debuggee_.give_keyboard([&](I8042& keyboard) { keyboard.press({&event, 1}); });  // lost while the guest travels
}

// A PS/2 mouse knows no places: where the pointer came from last is where the guest's is taken to be.
void GuestVnc::point(VncServer::Pointer pointer) {
  const VncServer::Pointer before = std::exchange(pointer_, pointer).value_or(pointer);
  const int right = static_cast<int>(pointer.column) - static_cast<int>(before.column);
  const int up = static_cast<int>(before.row) - static_cast<int>(pointer.row);
  const int wheel = wheel_clicks(before.buttons, pointer.buttons);
  (void)debuggee_.give_keyboard(
      [&](I8042& keyboard) { keyboard.move_mouse(right, up, wheel, mouse_buttons(pointer.buttons)); });
}

}  // namespace gdbvm

#include "vmm/app/guest_screen.h"

#include <unistd.h>

#include "vmm/console/typed_keys.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/devices/ps2/i8042.h"
#include "vmm/machine/shown_screen.h"

namespace gdbvm {

bool GuestScreen::possible() { return ::isatty(STDOUT_FILENO); }

GuestScreen::GuestScreen(asio::io_context& context, Debuggee& debuggee, Console& terminal, HeldOutput* serial)
    : debuggee_(debuggee),
      terminal_(terminal),
      serial_(serial),
      live_(context, {.read = [this] { return read(); },
                      .print = [this](std::string_view text) { terminal_.say(text); },
                      .size = [] { return terminal_size(STDOUT_FILENO); },
                      .when_room = [this](std::function<void()> then) { terminal_.when_room(std::move(then)); }}) {}

std::optional<vga::TextScreen> GuestScreen::read() {
  Machine& machine = debuggee_.machine();
  return debuggee_.run_control().inspect([&] { return shown_text(machine.chipset(), machine.memory()); });
}

void GuestScreen::show(bool shown) {
  if (shown) {
    if (serial_) serial_->hold();
    return live_.show();
  }
  live_.hide();
  if (!serial_) return;
  serial_->release([this](std::span<const std::uint8_t> kept) {
    terminal_.say({reinterpret_cast<const char*>(kept.data()), kept.size()});
  });
}

void GuestScreen::type(std::span<const std::uint8_t> typed) {
  const auto keys = keys_of(typed);
  (void)debuggee_.give_keyboard([&](I8042& keyboard) { keyboard.type(keys); });  // lost while the guest travels
}

void GuestScreen::leave() {
  if (!live_.shown()) return;
  const auto last = read();
  show(false);
  if (last) terminal_.say(vga::text_of(*last));
}

}  // namespace gdbvm

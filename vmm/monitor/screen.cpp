// Monitor commands that show what is on the guest's screen.
#include "vmm/devices/vga/text_screen.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail, gdbstub::Result;

namespace {

Result<> screen(MonitorContext& context, Arguments) {
  Machine& machine = context.debuggee.machine();
  const Vga* display = machine.chipset().display;
  if (!display) return fail("this machine has no display");
  const auto shown = held(context, [&] { return vga::read_text(display->registers(), machine.memory()); });
  if (!shown) return fail("the display is in a graphics mode: there is no text on it");
  const std::string text = vga::text_of(*shown);
  context.print(text.empty() ? "the screen is empty\n" : text);
  return {};
}

}  // namespace

std::span<const MonitorCommand> screen_commands() {
  static constexpr MonitorCommand table[] = {
      {"screen", "", "the text on the guest's screen", screen},
  };
  return table;
}

}  // namespace gdbvm::monitor

// Monitor commands that show what is on the guest's screen.
#include "vmm/machine/shown_screen.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/png_file.h"

namespace gdbvm::monitor {

using gdbstub::fail, gdbstub::Result;

namespace {

constexpr const char* no_display = "this machine has no display";

Result<> screen(MonitorContext& context, Arguments) {
  Machine& machine = context.debuggee.machine();
  if (!machine.chipset().display) return fail(no_display);
  const auto shown = held(context, [&] { return shown_text(machine.chipset(), machine.memory()); });
  if (!shown) return fail("the display is in a graphics mode: there is no text on it, but a picture (screendump FILE)");
  const std::string text = vga::text_of(*shown);
  context.print(text.empty() ? "the screen is empty\n" : text);
  return {};
}

// What blinks is seen: pictures of the same screen are the same.
Result<> screendump(MonitorContext& context, Arguments arguments) {
  if (arguments.empty()) return fail("usage: screendump FILE");
  Machine& machine = context.debuggee.machine();
  if (!machine.chipset().display) return fail(no_display);
  const auto picture = held(context, [&] { return shown_picture(machine.chipset(), machine.memory()); });
  if (!picture) return fail(picture.error());
  const std::string path(as_written(arguments));
  if (const auto written = write_png(path, *picture); !written) return fail(written.error());
  context.print(fmt::format("{}: {} by {} pixels\n", path, picture->width, picture->height));
  return {};
}

}  // namespace

std::span<const MonitorCommand> screen_commands() {
  static constexpr MonitorCommand table[] = {
      {"screen", "", "the text on the guest's screen", screen},
      {"screendump", "FILE", "a picture of the guest's screen, as a PNG file", screendump},
  };
  return table;
}

}  // namespace gdbvm::monitor

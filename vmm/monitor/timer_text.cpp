// The interval timer in words (Intel 8254 data sheet).
#include "vmm/monitor/timer_text.h"

#include <fmt/format.h>

namespace gdbvm::monitor {

namespace {

std::string channel_text(unsigned number, const x86::IntervalTimerChannel& channel) {
  constexpr std::string_view modes[] = {
      "interrupt on terminal count", "one-shot", "rate generator", "square wave", "software strobe", "hardware strobe"};
  constexpr std::string_view accesses[] = {"", "low byte", "high byte", "both bytes"};
  const char* format = channel.decimal ? "{:04x}" : "{}";
  return fmt::format("pit{}: mode={} ({}), {}{}, reload={} count={}{}, gate={} out={}\n", number, channel.mode,
                     modes[channel.mode % std::size(modes)], accesses[channel.access & 3],
                     channel.decimal ? ", decimal" : "", fmt::format(fmt::runtime(format), channel.reload),
                     fmt::format(fmt::runtime(format), channel.count), channel.counting ? "" : " (stopped)",
                     channel.gate ? 1 : 0, channel.out ? 1 : 0);
}

}  // namespace

std::string interval_timer_text(const x86::IntervalTimerRegisters& timer) {
  std::string text;
  for (unsigned number = 0; number < timer.channels.size(); ++number)
    text += channel_text(number, timer.channels[number]);
  text += fmt::format("port 0x61: {:#04x}\n", timer.control_b);
  if (!timer.until_event) return text + "no interrupt is to come\n";
  const auto microseconds = static_cast<double>(timer.until_event->count()) / 1000;
  return text + fmt::format("next interrupt in {:.1f} us\n", microseconds);
}

}  // namespace gdbvm::monitor

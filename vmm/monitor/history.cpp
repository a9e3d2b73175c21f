// Monitor commands about the guest's past.
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "vmm/host/parse_number.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/journeys.h"
#include "vmm/monitor/last_write.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

double seconds(Clock::Time time) { return std::chrono::duration<double>(time).count(); }

void print_marks(MonitorContext& context) {
  for (const auto& [name, place] : context.debuggee.history().marks()) {
    context.print(fmt::format("  {:<16} after event {}, {:.6f} s\n", name, place->event, seconds(place->clock)));
  }
}

Result<> info_history(MonitorContext& context, Arguments) {
  if (const auto kept = context.debuggee.history().require_kept(); !kept) {
    context.print(kept.error().text + '\n');
    return {};
  }
  const auto extent = held(context, [&] { return context.debuggee.history().extent(); });
  context.print(fmt::format("events {} to {}, from {:.6f} s on\n", extent.first, extent.last, seconds(extent.begun)));
  context.print(fmt::format("{} snapshots, {} KiB; taking them has cost {:.1f} % of the guest's time\n",
                            extent.snapshots, extent.bytes >> 10, 100 * extent.cost));
  held(context, [&] { print_marks(context); });
  return {};
}

Result<> when(MonitorContext& context, Arguments) {
  const auto position = context.debuggee.history().position();
  if (!position) return std::unexpected(position.error());
  const auto extent = held(context, [&] { return context.debuggee.history().extent(); });
  context.print(fmt::format("in the {}, at {}, {:.6f} s\n", extent.in_past ? "past" : "present", position->text(),
                            seconds(extent.time)));
  return {};
}

Result<> mark(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: mark NAME");
  const std::string name(arguments[0]);
  if (name == "begin" || name == "end" || (name[0] >= '0' && name[0] <= '9'))
    return fail(fmt::format("'{}' already means a place: a mark's name begins with another letter", name));
  return context.debuggee.history().mark(name);
}

Result<> keep(MonitorContext& context, Arguments arguments) {
  TimeTravel& history = context.debuggee.history();
  if (arguments.size() == 1 && arguments[0] == "on") return history.keep_again();
  if (arguments.size() == 1 && arguments[0] == "off") return history.stop_keeping();
  return fail("usage: history on|off");
}

// "412+1871": so many steps after an event.
std::optional<std::pair<history::Event, std::size_t>> parse_steps(std::string_view text) {
  const auto plus = text.find('+');
  if (plus == std::string_view::npos) return std::nullopt;
  const auto event = gdbvm::parse_number(text.substr(0, plus));
  const auto steps = gdbvm::parse_number(text.substr(plus + 1));
  if (!event || !steps) return std::nullopt;
  return std::pair(*event, *steps);
}

Result<> go_along(MonitorContext& context, const std::function<Result<JourneyPtr>(TimeTravel&)>& way) {
  return go(context, way, [](history::Arrival::At, const Print&) { return Result<>(); });
}

Result<> go_at_once(MonitorContext& context, std::string_view place, const std::optional<history::Position>& position) {
  Debuggee& debuggee = context.debuggee;
  Result<> gone;
  if (place == "end") {
    gone = debuggee.go_to_present();
  } else if (place == "begin") {
    gone = debuggee.go_to(debuggee.history().extent().first);
  } else {
    gone = position ? debuggee.go_to(position->event) : debuggee.go_to_mark(std::string(place));
  }
  if (gone) say_how_gdb_goes_on(context);
  return gone;
}

Result<> go_to(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: goto POSITION|begin|end|MARK");
  if (auto kept = context.debuggee.history().require_history(); !kept) return kept;
  const auto position = history::Position::parse(arguments[0]);
  if (position && position->digest)
    return go_along(context, [&](TimeTravel& history) { return history.set_out_to(*position); });
  if (const auto steps = parse_steps(arguments[0]))
    return go_along(context, [&](TimeTravel& history) { return history.set_out_to(steps->first, steps->second); });
  return go_at_once(context, arguments[0], position);
}

}  // namespace

std::span<const MonitorCommand> history_commands() {
  static constexpr MonitorCommand table[] = {
      {"info history", "", "what of the guest's past is kept, what that takes, and the marks in it", info_history},
      {"history", "on|off", "keep the guest's past, from here on; or forget it", keep},
      {"when", "", "where in its history the guest stands, as a POSITION for goto", when},
      {"mark", "NAME", "give that place a name", mark},
      {"goto", "POSITION|begin|end|MARK", "there; POSITION: as `when` shows it, an event, or EVENT+STEPS", go_to},
      {"who-wrote", "ADDRESS [LENGTH]", "back to before the last write there, whatever else would stop", who_wrote},
  };
  return table;
}

}  // namespace gdbvm::monitor

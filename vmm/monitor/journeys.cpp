#include "vmm/monitor/journeys.h"

#include <memory>
#include <utility>

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Progress;
using gdbstub::Result;
using At = history::Arrival::At;

namespace {

Result<> require_way(At at) {
  if (at == At::Lost)
    return fail(
        "there is no way there: no such place comes about again, perhaps as the guest reads the time-stamp counter or "
        "random numbers, or runs at CPL 3; it stands where it did");
  if (at == At::Refused) return fail("the way was broken off; the guest stands where it did");
  return {};
}

}  // namespace

Result<> go(MonitorContext& context, const std::function<Result<JourneyPtr>(TimeTravel&)>& way,
            std::function<Result<>(At, const Print&)> arrived) {
  Debuggee& debuggee = context.debuggee;
  auto journey = debuggee.set_out(way);
  if (!journey) return std::unexpected(journey.error());
  context.rest = [&debuggee, journey = std::shared_ptr<Journey>(std::move(*journey)),
                  arrived = std::move(arrived)](const Print& print) -> Result<Progress> {
    const auto arrival = journey->arrived();
    if (!arrival) return Progress::Unfinished;
    debuggee.arrived();
    if (!*arrival) return std::unexpected(arrival->error());
    if (auto found = require_way((*arrival)->at); !found) return std::unexpected(found.error());
    if (auto told = arrived((*arrival)->at, print); !told) return std::unexpected(told.error());
    say_how_gdb_goes_on(debuggee, print);
    return Progress::Done;
  };
  return {};
}

}  // namespace gdbvm::monitor

#include "vmm/debug/control/journey.h"

#include <exception>
#include <utility>

namespace gdbvm {

using history::Arrival;

Journey::Journey(RunControl& control, Travel travel, std::shared_ptr<void> keeps)
    : control_(control),
      keeps_(std::move(keeps)),
      arrival_(std::make_shared<gdbstub::Result<Arrival>>(Arrival{Arrival::At::Refused})) {
  control.send_quietly([arrival = arrival_, travel = std::move(travel)]() -> StopOrGo {
    try {
      *arrival = travel();
    } catch (const std::exception& error) {
      *arrival = gdbstub::fail(error.what());
    }
    return std::nullopt;
  });
}

std::optional<gdbstub::Result<Arrival>> Journey::arrived() {
  if (!control_.await_quiet_end(gdbstub::PieceTimer::limit)) return std::nullopt;
  return *arrival_;
}

}  // namespace gdbvm

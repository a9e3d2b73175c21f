// When a machine's only CPU meets the outside world: observed while it is recorded, dictated while it runs again.
#pragma once

#include <optional>

#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Told by the processor on its thread. Between two runs of the bare CPU the machine's clock stands, so that all that
// happens there happens at one time. An access that the machine answers and a hlt come at the same place whenever the
// guest runs again; every other exit may have come anywhere.
class Moments {
 public:
  virtual ~Moments() = default;
  // Something has come that is to be looked at where the CPU stands, for which the place is to be known.
  virtual bool news() = 0;
  // It is about to look, between two instructions or while it waits.
  virtual void looks() = 0;
  // An interrupt waits which it would take now. false: it must not.
  virtual bool delivers() = 0;
  // The one that it was handed last has not reached it.
  virtual void gave_back() = 0;
  // It is about to run, and has come back.
  virtual void enters() = 0;
  virtual void left() = 0;
  // The machine is about to answer an access of it; it has executed a hlt.
  virtual void answers() = 0;
  virtual void halts() = 0;
  // When the run that comes has to end, which without this would be at `event`.
  virtual std::optional<BareVcpu::HostTime> alarm(std::optional<BareVcpu::HostTime> event) = 0;
  // It is about to wait, as it has nothing to execute, and has waited.
  enum class Wait {
    Begins,
    IsOver,    // without any waiting: the time has come
    BreaksOff  // as if it had been kicked
  };
  virtual Wait waits() = 0;
  virtual void waited() = 0;
  // What it does has been done before: nothing comes that has not come then.
  virtual bool dictates() const = 0;
};

}  // namespace gdbvm

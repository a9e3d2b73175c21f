// Which of its program's source lines the guest has executed, while it runs on.
#pragma once

#include <functional>
#include <optional>

#include "gdbstub/types.h"
#include "vmm/coverage/coverage_map.h"
#include "vmm/debug/control/run_control.h"

namespace gdbvm {

// Called on the debugger's thread, whether the guest runs or not.
class Coverage final {
 public:
  struct Source {
    coverage::CoverageMap map;
    std::vector<std::optional<Gpa>> loaded;  // by address of the map: see OneShots::Place
  };
  using Read = std::function<gdbstub::Result<Source>()>;

  // `read` is asked when coverage is first wanted, and says why there is none.
  Coverage(RunControl& control, Read read) : control_(control), read_(std::move(read)) {}

  // From here on, with what was executed before. The host's stop mechanisms are known (HostStops).
  gdbstub::Result<> begin(const HostStops& host);
  // What has been executed stays known.
  void end();
  // Nothing has been executed.
  void reset();
  bool on() const { return on_; }
  // Fails if it has never begun.
  gdbstub::Result<std::vector<coverage::CoverageMap::File>> report();

 private:
  void watch();
  void collect();

  RunControl& control_;
  Read read_;
  std::optional<Source> source_;
  std::vector<bool> executed_;        // by address of the map
  std::vector<std::size_t> watched_;  // the address of each of the places that are watched
  bool on_ = false;
};

}  // namespace gdbvm

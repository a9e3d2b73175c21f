// The machine under the debugger, as it runs again through its past.
#pragma once

#include <vector>

#include "vmm/debug/control/vcpu_thread.h"
#include "vmm/history/keyframes.h"
#include "vmm/history/replayer.h"
#include "vmm/history/vehicle.h"

namespace gdbvm {

// On the vCPU's thread, in an errand. The debugger's breakpoints and watchpoints are in force as ever.
class Rerun final : public history::Vehicle {
 public:
  // All outlive it.
  Rerun(VcpuThread& thread, history::Keyframes& keyframes, history::Replayer& replayer)
      : thread_(thread), keyframes_(keyframes), replayer_(replayer) {}

  // What that stop is, until forget_stops().
  const VcpuStop& stop(const history::Vehicle::Stop& stop) const { return stops_[stop.number]; }
  void forget_stops() { stops_.clear(); }
  // From now on, but for what others than a search for writes have set.
  void wait_for(Waited waited) { waited_ = waited; }

  history::KeyframePtr take(std::chrono::nanoseconds time) override;
  void put_back(const history::KeyframePtr& place) override;
  bool is_at(const history::Keyframe& place) override {
    return replayer_.has_met_all_before(place) && keyframes_.is_at(place);
  }
  std::optional<Stop> stop_here() override;
  bool delivers() override { return replayer_.delivery_due(); }
  bool is_uneventful(const history::Keyframe& one, const history::Keyframe& other) override;
  Ran run_to_meeting(std::size_t meeting, Stops stops) override;
  Ran run_for(std::chrono::nanoseconds time, Stops stops) override;
  Ran step(Stops stops) override;

 private:
  Ran run(Stops stops);
  bool ends(const VcpuStop& stop) const;
  static bool is_after(const VcpuStop& stop);
  Stop note(VcpuStop stop);

  VcpuThread& thread_;
  history::Keyframes& keyframes_;
  history::Replayer& replayer_;
  std::vector<VcpuStop> stops_;
  Waited waited_ = Waited::All;
  std::optional<WatchedPages> watched_;  // where it stands; nullopt: not looked for, or not known
  bool told_ = false;                    // the stop where the machine stands has been told
};

}  // namespace gdbvm

// A segment's events, dictated to the machine that runs through it again.
#pragma once

#include "vmm/history/progress.h"
#include "vmm/history/timeline.h"
#include "vmm/machine/machine.h"
#include "vmm/machine/moments.h"

namespace gdbvm::history {

class Replayer final : public Moments {
 public:
  using HostTime = BareVcpu::HostTime;
  // Both outlive it.
  Replayer(Machine& machine, const Timeline& timeline) : machine_(machine), timeline_(timeline) {}

  // The machine stands there.
  void starts_from(const Keyframe& place);
  // The next runs end at that access, or at that time of the host.
  void end_at(std::optional<std::size_t> access, std::optional<HostTime> time);

  std::size_t accesses() const { return accesses_; }
  bool at_start() const { return at_start_; }
  // All accesses of the last segment have been answered: that of a guest that has ended was its end.
  bool at_last_access() const;
  // Such a run has ended.
  bool ended() const;
  // The guest has done something that is not in the segment: it has passed its end, or does not do the same.
  bool beyond() const { return beyond_; }
  Event event() const { return event_; }
  // Ever.
  std::chrono::nanoseconds progress() const { return progress_.total(); }

  bool news() override { return false; }
  void looks() override {}
  bool delivers() override;
  void gave_back() override { at_start_ = true; }
  void enters() override;
  void left() override;
  void answers() override;
  std::optional<HostTime> alarm(std::optional<HostTime>) override { return end_time_; }
  bool waits() override;
  bool dictates() const override { return true; }

 private:
  const Segment& segment() const { return timeline_.at(event_); }

  Machine& machine_;
  const Timeline& timeline_;
  Event event_ = 0;
  std::size_t accesses_ = 0;
  bool at_start_ = false, ended_ = false, beyond_ = false;
  std::optional<std::size_t> end_access_;
  std::optional<HostTime> end_time_;
  Progress progress_;
};

}  // namespace gdbvm::history

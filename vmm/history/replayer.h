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
  // The next runs end at that meeting, or at that time of the host.
  void end_at(std::optional<std::size_t> meeting, std::optional<HostTime> time);

  std::size_t met() const { return met_; }
  // As much has been met as before that place, which is in this segment or its end: registers and memory may be the
  // same in each round of a loop. Waits change nothing.
  bool has_met_all_before(const Keyframe& place) const;
  bool at_start() const { return at_start_; }
  bool at_meeting() const { return at_meeting_; }
  // An interrupt is taken next.
  bool delivery_due() const;
  // All of the last segment has been met: the access of a guest that has ended was its end.
  bool at_last_meeting() const;
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
  void gave_back() override;
  void enters() override;
  void left() override;
  void answers() override { (void)meets(Meeting::Kind::Access); }
  void halts() override { (void)meets(Meeting::Kind::Halt); }
  std::optional<HostTime> alarm(std::optional<HostTime>) override { return end_time_; }
  Wait waits() override;
  void waited() override {}
  bool dictates() const override { return true; }

 private:
  const Segment& segment() const { return timeline_.at(event_); }
  bool meets(Meeting::Kind kind);

  Machine& machine_;
  const Timeline& timeline_;
  Event event_ = 0;
  std::size_t met_ = 0;
  bool at_start_ = false, at_meeting_ = false;  // as in a keyframe
  bool handed_over_ = false;                    // what is due there
  bool handed_at_start_ = false;
  bool ended_ = false, beyond_ = false;
  std::optional<std::size_t> end_meeting_;
  std::optional<HostTime> end_time_;
  Progress progress_;
};

}  // namespace gdbvm::history

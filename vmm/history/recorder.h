// The machine's history as it comes about.
#pragma once

#include "vmm/history/keyframes.h"
#include "vmm/history/progress.h"
#include "vmm/history/timeline.h"
#include "vmm/machine/moments.h"

namespace gdbvm::history {

// Begins a segment wherever something comes to a place that could not be found again otherwise, and when the last one
// has become long. What comes where the guest meets the machine needs none.
class Recorder final : public Moments {
 public:
  struct Limits {
    std::uint64_t bytes = 0;  // of RAM and states that are kept; the oldest go first
    // Of a segment: how long the guest runs in it, and its meetings, as each takes time when it runs again.
    std::chrono::nanoseconds interval = std::chrono::milliseconds(10);
    std::size_t meetings = 1000;
  };
  // All outlive it.
  Recorder(Machine& machine, Keyframes& keyframes, Timeline& timeline, Limits limits)
      : machine_(machine), keyframes_(keyframes), timeline_(timeline), limits_(limits) {}

  // From here on, as nothing is known of what was before. The CPU does not run, as in the next two.
  void begin();
  // The machine is where the timeline ends; nothing that the timeline does not know has happened.
  void go_on(const Keyframe& here);
  // Something has come from outside, or comes now, that the machine alone would not have come to.
  void comes_from_outside() { changed_ = true; }
  // The same of what the guest's registers and memory are about to be changed by: this is a step of its own.
  void is_changed();
  // The machine as it stands, at the end of the timeline. Completes the access that the CPU has left.
  KeyframePtr here();

  // RAM and states that are kept.
  std::uint64_t kept_bytes() const;
  // What snapshots have taken so far of the host's CPU, for each second that the machine has run.
  double cost() const {
    return ran_.count() > 0 ? static_cast<double>(taking_.count()) / static_cast<double>(ran_.count()) : 0;
  }

  bool news() override;
  void looks() override;
  bool delivers() override;
  void gave_back() override;
  void enters() override;
  void left() override;
  void answers() override { meets(Meeting::Kind::Access); }
  void halts() override { meets(Meeting::Kind::Halt); }
  std::optional<BareVcpu::HostTime> alarm(std::optional<BareVcpu::HostTime> event) override;
  Wait waits() override;
  void waited() override;
  bool dictates() const override { return false; }

 private:
  // What is known of the place where the CPU stands.
  struct Stand {
    bool at_start = false;    // nothing has happened in the present segment
    bool at_meeting = false;  // nor since the last meeting
  };

  bool due() const;
  bool is_long() const;
  void meets(Meeting::Kind kind);
  Keyframe take();
  void begin_segment();
  void drop_the_oldest();
  Clock& clock() { return machine_.clock(); }

  Machine& machine_;
  Keyframes& keyframes_;
  Timeline& timeline_;
  const Limits limits_;
  Stand stand_, entered_;  // now, and when the CPU ran last
  bool changed_ = false;   // since the CPU ran last
  Progress progress_;
  std::chrono::nanoseconds begun_{}, met_{};  // progress at the start of the segment, and at the last meeting
  std::optional<BareVcpu::HostTime> alarm_;
  std::chrono::nanoseconds taking_{}, ran_{};
  Clock::Time noted_{};  // in ran_, so far
};

}  // namespace gdbvm::history

// A machine's history written to a file as it comes about.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "vmm/history/keyframe_difference.h"
#include "vmm/history/recording_format.h"
#include "vmm/history/timeline.h"
#include "vmm/host/fd.h"

namespace gdbvm::history {

// Told by the timeline, on whichever thread it grows. What cannot be written is told once, and ends the recording after
// its last whole record; the machine is not disturbed by it.
class RecordingWriter final : public Chronicler {
 public:
  struct Target {
    Fd file;
    std::uint64_t end = 0;                               // where the first record goes
    std::function<void(int error_number)> tell_failure;  // on any thread
  };
  // The machine is where its history will begin, in which state the file has it already. `machine` and `ram` outlive
  // this.
  RecordingWriter(Target target, Machine& machine, snapshot::RamSnapshots& ram);

  void added(const Timeline& timeline) override;
  // The recording ends there, or where its last segment began.
  void end(const Timeline& timeline, KeyframePtr present);

 private:
  void write_course(const Segment& segment, Event event);
  void put_keyframe(StateWriter& to, KeyframePtr keyframe);
  void write(RecordKind kind, const StateWriter& payload);

  Target target_;
  KeyframeDifferences differences_;
  KeyframePtr last_;  // written
  bool failed_ = false;
};

}  // namespace gdbvm::history

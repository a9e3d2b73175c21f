// A history that is written to a file, and one that has been.
#include <utility>

#include "vmm/debug/control/time_travel.h"
#include "vmm/history/recording_reader.h"

namespace gdbvm {

void TimeTravel::record(history::RecordingWriter::Target target) {
  writer_.emplace(std::move(target), machine_, keyframes_.ram());
  timeline_.set_chronicler(&*writer_);
}

void TimeTravel::end_recording() {
  if (!writer_) return;
  timeline_.set_chronicler(nullptr);
  history::KeyframePtr present;
  try {
    present = traveller_.in_past() ? traveller_.present() : recorder_->here();
  } catch (const StateError&) {
    present = nullptr;  // in the middle of an instruction, where it ends
  }
  writer_->end(timeline_, std::move(present));
  writer_.reset();
}

void TimeTravel::replay(std::span<const std::byte> records) {
  control_.held([&] {
    machine_.clock().reserve(true);
    machine_.clock().halt();
    history::KeyframePtr end = history::read_recording(records, machine_, keyframes_.ram(), timeline_);
    machine_.set_moments(&replayer_);
    traveller_.leaves(std::move(end));
    replays_ = true;
    set_in_past(true);
    traveller_.go_to_present();
  });
}

gdbstub::Result<> TimeTravel::require_future() const {
  if (!replays_) return {};
  return gdbstub::fail(
      "this is a recording, in which nothing else can happen; `monitor savevm file:PATH` saves the guest as it stands, "
      "and gdbvm --restore PATH goes on from there");
}

}  // namespace gdbvm

#include "vmm/history/recording_writer.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "vmm/host/sparse_write.h"

namespace gdbvm::history {

RecordingWriter::RecordingWriter(Target target, Machine& machine, snapshot::RamSnapshots& ram)
    : target_(std::move(target)),
      differences_(machine, ram),
      last_(std::make_shared<const Keyframe>(differences_.blank(ram.take()))) {}

void RecordingWriter::added(const Timeline& timeline) {
  const Event event = timeline.last();
  const bool first = timeline.size() == 1;
  if (!first) write_course(timeline.at(event - 1), event - 1);
  StateWriter payload;
  payload.put(static_cast<std::uint8_t>(first));
  put_keyframe(payload, timeline.at(event).start);
  write(RecordKind::Start, payload);
}

void RecordingWriter::end(const Timeline& timeline, KeyframePtr present) {
  if (!present || timeline.empty()) return;
  write_course(timeline.at(timeline.last()), timeline.last());
  StateWriter payload;
  put_keyframe(payload, std::move(present));
  write(RecordKind::Present, payload);
}

void RecordingWriter::write_course(const Segment& segment, Event event) {
  StateWriter payload;
  payload.put(event);
  payload.put(static_cast<std::uint8_t>(segment.delivers));
  payload.put_list(std::span<const Meeting>(segment.meetings));
  payload.put(static_cast<std::uint8_t>(segment.end != nullptr));
  if (segment.end) put_keyframe(payload, segment.end);
  write(RecordKind::Course, payload);
}

void RecordingWriter::put_keyframe(StateWriter& to, KeyframePtr keyframe) {
  differences_.put(to, *last_, *keyframe);
  last_ = std::move(keyframe);
}

void RecordingWriter::write(RecordKind kind, const StateWriter& payload) {
  if (failed_) return;
  RecordHeader header{.kind = kind, .size = payload.bytes().size()};
  header.checksum = checksum_of(header, payload.bytes());
  std::vector<std::uint8_t> bytes(sizeof header + payload.bytes().size());
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, payload.bytes().data(), payload.bytes().size());
  if (write_at(target_.file.get(), bytes, target_.end)) {
    target_.end += bytes.size();
    return;
  }
  failed_ = true;
  const int error_number = errno;
  (void)!::ftruncate(target_.file.get(), static_cast<off_t>(target_.end));  // the reader would leave it out anyway
  target_.tell_failure(error_number);
}

}  // namespace gdbvm::history

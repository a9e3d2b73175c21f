// Everything is compared with the file's size before it is looked at, and with the history before it is part of it.
#include "vmm/history/recording_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "vmm/history/recording_format.h"

namespace gdbvm::history {

namespace {

struct Record {
  RecordKind kind;
  std::span<const std::byte> payload;
};

// nullopt: there is no whole one left.
std::optional<Record> next_record(std::span<const std::byte>& bytes) {
  RecordHeader header;
  if (bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.size > bytes.size() - sizeof header) return std::nullopt;
  const auto payload = bytes.subspan(sizeof header, header.size);
  if (checksum_of(header, payload) != header.checksum) throw StateError("a record's checksum is wrong");
  bytes = bytes.subspan(sizeof header + header.size);
  return Record{header.kind, payload};
}

class Reader final {
 public:
  Reader(Machine& machine, snapshot::RamSnapshots& ram, Timeline& timeline)
      : differences_(machine, ram),
        timeline_(timeline),
        last_(std::make_shared<const Keyframe>(differences_.blank(ram.take()))) {}

  void read(const Record& record) {
    StateReader payload(record.payload);
    if (present_) throw StateError("it goes on after its end");
    if (record.kind == RecordKind::Start) return start(payload);
    if (timeline_.empty()) throw StateError("it does not begin with a start");
    if (record.kind == RecordKind::Course) return course(payload);
    if (record.kind != RecordKind::Present) throw StateError("there is a record of an unknown kind");
    present_ = keyframe(payload);
    if (present_->event != timeline_.last() || !is_in(*present_, timeline_.present()))
      throw StateError("its end is elsewhere");
  }
  KeyframePtr present() const {
    if (timeline_.empty()) throw StateError("there is nothing in it");
    return present_ ? present_ : timeline_.at(timeline_.last()).start;
  }

 private:
  KeyframePtr keyframe(StateReader& from) {
    last_ = std::make_shared<const Keyframe>(differences_.get(from, *last_));
    return last_;
  }
  static bool is_in(const Keyframe& place, const Segment& segment) {
    return place.met <= segment.meetings.size() && !(place.at_meeting && place.met == 0);
  }
  void start(StateReader& from) {
    const bool first = from.get<std::uint8_t>() != 0;
    KeyframePtr place = keyframe(from);
    if (first) timeline_.begin_at(place->event);
    const bool follows = place->event == timeline_.next() && place->event > 0 && (first || !timeline_.empty());
    if (!follows || !place->at_start || place->met != 0 || place->at_meeting)
      throw StateError("a start is out of place");
    timeline_.add({.start = std::move(place), .meetings = {}});
  }
  void course(StateReader& from) {
    const auto event = from.get<Event>();
    if (event < timeline_.first() || event > timeline_.last()) throw StateError("a course is of no segment");
    timeline_.forget_after(*timeline_.at(event).start);
    Segment& segment = timeline_.at(event);
    segment.delivers = from.get<std::uint8_t>() != 0;
    segment.meetings = from.get_list<Meeting>();
    if (std::ranges::any_of(segment.meetings, [](const Meeting& each) { return each.kind > Meeting::Kind::Wait; }))
      throw StateError("there is a meeting of an unknown kind");
    if (from.get<std::uint8_t>() != 0) segment.end = keyframe(from);
    if (segment.end && (segment.end->event != event || !is_in(*segment.end, segment)))
      throw StateError("a segment's end is in another one");
    if (!from.empty()) throw StateError("a course is longer than it should be");
  }

  KeyframeDifferences differences_;
  Timeline& timeline_;
  KeyframePtr last_, present_;
};

}  // namespace

KeyframePtr read_recording(std::span<const std::byte> records, Machine& machine, snapshot::RamSnapshots& ram,
                           Timeline& timeline) {
  Reader reader(machine, ram, timeline);
  while (const auto record = next_record(records)) reader.read(*record);
  return reader.present();
}

}  // namespace gdbvm::history

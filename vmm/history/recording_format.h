// The layout of a recording's file: a snapshot of the machine where its history begins (snapshot/file_format.h, with a
// magic of its own), and after RAM records of what has happened, appended while it does:
//
//   RecordHeader, payload; as many as there are
//
// Start     whether it begins a new history, and the keyframe where a segment begins
// Course    of the segment of that number: its event, whether it delivers, its meetings; whether it has an end other
//           than the next one's start, and that keyframe. Segments after it are not part of the past any more.
// Present   the keyframe where the recording ends
//
// A keyframe is written as what differs from the one before it in the file (keyframe_difference.h). Who was killed
// while he wrote leaves a last record that is not whole; without Present the recording ends at its last Start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "vmm/memory/fnv1a.h"

namespace gdbvm::history {

enum class RecordKind : std::uint32_t { Start = 1, Course = 2, Present = 3 };

struct RecordHeader {
  RecordKind kind{};
  std::uint32_t reserved = 0;
  std::uint64_t size = 0;  // bytes of the payload
  std::uint64_t checksum = 0;
};
static_assert(sizeof(RecordHeader) == 24);

// Of the header, whatever its checksum, and the payload.
inline std::uint64_t checksum_of(RecordHeader header, std::span<const std::byte> payload) {
  header.checksum = 0;
  return fnv1a(fnv1a(fnv1a_start, std::as_bytes(std::span(&header, 1))), payload);
}

}  // namespace gdbvm::history

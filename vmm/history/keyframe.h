// The machine between two instructions, kept whole, and where in its history that is.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "vmm/snapshot/machine_snapshot.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::history {

// Counted from 1, in the order in which they came: something asynchronous, such as an interrupt, or the end of an
// interval. Each begins a segment.
using Event = std::uint64_t;

// What the machine was like at a place of a segment, in few enough bits to be written down.
struct Digest {
  std::uint32_t general = 0;  // of the general registers
  std::uint32_t rest = 0;     // of the other registers, and of the pages that differ from the segment's start
  bool operator==(const Digest&) const = default;
};

struct Keyframe {
  snapshot::MachineSnapshot machine;
  x86::GeneralRegisters general{};
  x86::SystemRegisters system{};
  std::vector<std::vector<std::uint8_t>> typed{};  // what waits on each serial line
  std::uint64_t extended = 0;                      // a hash of what the other registers contain
  Event event = 0;
  std::size_t met = 0;      // of the segment's meetings, that have been
  bool at_start = false;    // of the segment: nothing of it has happened
  bool at_meeting = false;  // nothing has happened since the last of these
  bool told = false;        // what the debugger's user waits for there has been told
  // For guesses how far it is from another one: the time that the guest has run, by the host's clock, and what its
  // thread has had of the host's CPU, for that and other things; and the time since the last meeting.
  std::chrono::nanoseconds time{}, cpu_time{};
  std::optional<std::chrono::nanoseconds> since_met{};
  std::chrono::nanoseconds clock{};  // the machine's
  // Of a place that was written down: all that is known of its registers and memory. RAM is the segment's at its start.
  std::optional<Digest> digest = {};
};
using KeyframePtr = std::shared_ptr<const Keyframe>;

// Equal states have equal futures, so that a place is known again by them alone. All registers but the flags by which a
// debugger steps, which are no part of the guest's state.
bool same_registers(const x86::GeneralRegisters& one, const x86::GeneralRegisters& other);
bool same_registers(x86::SystemRegisters one, x86::SystemRegisters other);
std::uint64_t hash_of(x86::GeneralRegisters registers);
std::uint64_t hash_of(x86::SystemRegisters registers);
// Of what an XSAVE area contains, as its bytes differ between areas that contain the same.
std::uint64_t hash_of(const x86::ExtendedState& state);

}  // namespace gdbvm::history

// A history that was written to a file.
#pragma once

#include <cstddef>
#include <span>

#include "vmm/history/keyframe_difference.h"
#include "vmm/history/timeline.h"

namespace gdbvm::history {

// From a file's records, of a machine that is in the state that the file begins with. The timeline is empty. The result
// is where it ends. What comes after the last whole record is not looked at. Throws StateError if there is no whole
// one, or one of them is not what a writer wrote: the timeline and the machine are of no use then.
KeyframePtr read_recording(std::span<const std::byte> records, Machine& machine, snapshot::RamSnapshots& ram,
                           Timeline& timeline);

}  // namespace gdbvm::history

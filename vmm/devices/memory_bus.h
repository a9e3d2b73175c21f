// The devices that answer in memory space, outside RAM.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vmm/memory/address.h"

namespace gdbvm {

// Calls come from any vCPU thread; a device with state has its own lock.
class MemoryDevice {
 public:
  virtual ~MemoryDevice() = default;
  // One access of 1 to 8 bytes, all of them the device's, at an offset from its first.
  virtual void read(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
  virtual void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
  // Back to the state at power-on.
  virtual void reset() = 0;
  // Continues work that a write started and the device postponed because the writing CPU's turn had to end. false: some
  // of it is postponed again. Called before a CPU's next instruction.
  virtual bool catch_up() { return true; }
};

class MemoryBus final {
 public:
  // The device outlives the bus. Ranges do not overlap. Attaching ends before the first access.
  void attach(Gpa first, std::uint64_t size, MemoryDevice& device);
  // Of a device whose place the guest chooses: from `first` on. Where it meets others, those answer.
  void attach_movable(const std::atomic<std::uint64_t>& first, std::uint64_t size, MemoryDevice& device);

  // Where no device answers, reads give all ones and writes vanish.
  void read(Gpa start, std::span<std::uint8_t> out);
  void write(Gpa start, std::span<const std::uint8_t> bytes);
  void reset();
  // Of all devices. false: one of them still has work to do, and no CPU may run before it is done.
  bool catch_up();

 private:
  struct Range {
    Gpa fixed;
    const std::atomic<std::uint64_t>* moves;  // nullptr: it does not, and is at `fixed`
    std::uint64_t size;
    MemoryDevice* device;
    Gpa first() const { return moves ? Gpa{*moves} : fixed; }
  };
  struct Place {
    MemoryDevice& device;
    std::uint64_t offset;
  };
  std::optional<Place> find(Gpa start, std::uint64_t length) const;

  std::vector<Range> ranges_;  // first those that do not move
};

}  // namespace gdbvm

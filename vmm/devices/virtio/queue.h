// A split virtqueue, from the device's side (Virtual I/O Device 1.2, 2.7).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "vmm/devices/state.h"
#include "vmm/devices/virtio/device.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm::virtio {

// Where the driver has put its parts.
struct QueuePlace {
  std::uint32_t size = 0;  // descriptors
  Gpa descriptors, available, used;
};

class Queue final {
 public:
  static constexpr std::uint32_t max_size = 256;
  // Of a request: a CPU is not to be long away from its guest.
  static constexpr std::uint64_t max_bytes = std::uint64_t{16} << 20;

  explicit Queue(GuestMemory& memory) : memory_(memory) {}

  // Starts at the first entry. false, and not started: not a power of two of descriptors, or a part that is not aligned
  // or not in RAM.
  bool start(const QueuePlace& place);
  void stop() { parts_.reset(); }
  bool started() const { return parts_.has_value(); }

  struct State {
    std::uint64_t descriptors, available, used;
    std::uint32_t size;  // 0: not started
    std::uint16_t taken, put;
  };
  static_assert(PlainState<State>);
  State state() const;
  // Throws StateError if it is not where a queue can be, and has changed nothing.
  void set_state(const State& state);

  struct Chain {
    std::uint16_t head;
    Request request;
  };
  enum class NoChain { Empty, Malformed };
  // The next request, while started. Malformed: an index that does not exist, a chain without an end or of too many
  // bytes, a buffer outside RAM, one to read after one to write, or one of a kind that was not offered.
  std::expected<Chain, NoChain> take();
  // Gives a request back; `written` bytes of it are the device's.
  void put(std::uint16_t head, std::uint32_t written);
  // Does the driver want an interrupt for what is put?
  bool wants_interrupt() const;

 private:
  struct Parts {
    QueuePlace place;
    std::uint32_t size;
    std::byte *descriptors, *available, *used;
  };
  std::optional<Parts> parts_at(const QueuePlace& place) const;
  bool add_readable(Request& request, Gpa start, std::uint32_t size) const;
  bool add_writable(Request& request, Gpa start, std::uint32_t size) const;

  GuestMemory& memory_;
  std::optional<Parts> parts_;
  std::uint16_t taken_ = 0, put_ = 0;  // free-running, as the driver's indices are
};

}  // namespace gdbvm::virtio

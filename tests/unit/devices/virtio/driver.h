// The driver's side of a virtqueue, in guest memory at fixed places.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "vmm/devices/virtio/queue.h"

namespace gdbvm::virtio {

struct Descriptor {
  std::uint64_t address;
  std::uint32_t size;
  std::uint16_t flags;
  std::uint16_t next;
};
inline constexpr std::uint16_t has_next = 1, device_writes = 2, indirect = 4;

class Driver final {
 public:
  static constexpr std::uint64_t memory_size = 1 << 20;
  static constexpr std::uint32_t size = 8;
  static constexpr std::uint64_t rom = 0xffff0000;
  static constexpr QueuePlace place{size, {0x1000}, {0x2000}, {0x3000}};

  explicit Driver(std::uint64_t ram = memory_size) : memory(ram) { memory.add_rom({rom}, page_size); }

  template <class T>
  T get(std::uint64_t address) const {
    T value;
    std::memcpy(&value, memory.at({address}, sizeof value), sizeof value);
    return value;
  }
  template <class T>
  void put(std::uint64_t address, T value) {
    std::memcpy(memory.at({address}, sizeof value), &value, sizeof value);
  }
  std::string text(std::uint64_t address, std::size_t length) const {
    return {reinterpret_cast<const char*>(memory.at({address}, length)), length};
  }
  void put_text(std::uint64_t address, std::string_view text) {
    std::memcpy(memory.at({address}, text.size()), text.data(), text.size());
  }

  void describe(std::uint16_t index, const Descriptor& descriptor) {
    put(place.descriptors.value + index * sizeof descriptor, descriptor);
  }
  // Makes the chain that begins there available.
  void offer(std::uint16_t head) {
    put(place.available.value + 4 + 2 * (offered_ % size), head);
    put(place.available.value + 2, ++offered_);
  }
  // A chain from descriptor 0 on.
  void offer(std::initializer_list<Descriptor> chain) {
    std::uint16_t index = 0;
    for (const Descriptor& each : chain) {
      Descriptor linked = each;
      linked.next = static_cast<std::uint16_t>(index + 1);
      if (linked.next < chain.size()) linked.flags |= has_next;
      describe(index++, linked);
    }
    offer(std::uint16_t{0});
  }
  void set_available_flags(std::uint16_t flags) { put(place.available.value, flags); }
  std::uint16_t used_index() const { return get<std::uint16_t>(place.used.value + 2); }
  // Of the n-th that was returned.
  std::uint32_t used_head(unsigned n) const { return get<std::uint32_t>(place.used.value + 4 + 8 * (n % size)); }
  std::uint32_t used_length(unsigned n) const { return get<std::uint32_t>(place.used.value + 8 + 8 * (n % size)); }

  GuestMemory memory;

 private:
  std::uint16_t offered_ = 0;
};

}  // namespace gdbvm::virtio

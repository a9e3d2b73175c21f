// Any bytes as the state of a device, and other values from a fuzzer's input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "vmm/devices/state.h"

namespace gdbvm {

inline void require(bool condition) {
  if (!condition) std::abort();
}

class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  template <class T>
  T get() {
    T value{};
    const auto taken = take(sizeof value);
    if (!taken.empty()) std::memcpy(&value, taken.data(), taken.size());
    return value;
  }
  std::span<const std::uint8_t> take(std::size_t size) {
    const auto taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  bool empty() const { return bytes_.empty(); }

 private:
  std::span<const std::uint8_t> bytes_;
};

// All of the input goes in place of some of the file's bytes.
template <class Byte>
void put_in(std::vector<Byte>& file, Input& input) {
  while (!input.empty()) {
    const std::size_t where = input.get<std::uint16_t>() % file.size();
    const auto replaced = input.take(std::min<std::size_t>(input.get<std::uint8_t>(), file.size() - where));
    if (!replaced.empty()) std::memcpy(&file[where], replaced.data(), replaced.size());
  }
}

template <class Device>
std::vector<std::byte> saved(const Device& device) {
  StateWriter writer;
  device.save(writer);
  return writer.bytes();
}

// A state that is refused changes nothing, and one that is taken is saved as one that is the same when it is restored.
// Some of the state's bytes are replaced: half of the time among the last, which are not registers.
template <class Device>
void restore(Device& device, Input& input) {
  const auto before = saved(device);
  auto state = before;
  const auto where = input.get<std::uint16_t>();
  const std::size_t offset =
      where & 0x8000 ? state.size() - 1 - where % std::min<std::size_t>(32, state.size()) : where % state.size();
  const auto bytes = input.take(std::min<std::size_t>(input.get<std::uint8_t>(), state.size() - offset));
  if (!bytes.empty()) std::memcpy(state.data() + offset, bytes.data(), bytes.size());
  StateReader reader(state);
  try {
    device.restore(reader);
  } catch (const StateError&) {
    return require(saved(device) == before);
  }
  const auto first = saved(device);
  StateReader again(first);
  device.restore(again);
  require(again.empty() && saved(device) == first);
}

}  // namespace gdbvm

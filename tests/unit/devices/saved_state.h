// A device's state as its bytes, and what every device does with bytes that are none.
#pragma once

#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "vmm/devices/state.h"

namespace gdbvm {

using StateBytes = std::vector<std::byte>;

template <class Device>
StateBytes saved(const Device& device) {
  StateWriter writer;
  device.save(writer);
  return writer.bytes();
}

// Takes all of the bytes.
template <class Device>
void restore(Device& device, std::span<const std::byte> state) {
  StateReader reader(state);
  device.restore(reader);
  EXPECT_TRUE(reader.empty());
}

// What makes it another state is the caller's: `state` is not what the device has.
template <class Device>
void expect_truncated_is_refused(Device& device, const StateBytes& state) {
  const StateBytes before = saved(device);
  ASSERT_NE(before, state);
  for (std::size_t size = 0; size < state.size(); ++size) {
    StateReader reader{std::span(state).first(size)};
    EXPECT_THROW(device.restore(reader), StateError) << size;
    EXPECT_EQ(saved(device), before) << size;
  }
}

// Writes a value over the state's bytes.
template <class T>
StateBytes with(StateBytes state, std::size_t offset, T value) {
  std::memcpy(&state.at(offset), &value, sizeof value);
  return state;
}

}  // namespace gdbvm

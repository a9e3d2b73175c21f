#include "vmm/devices/device_states.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace gdbvm {

namespace {

struct Chunk {
  std::string_view name;
  std::uint32_t version;
  std::span<const std::byte> bytes;
};

// The bytes of a list, where they are.
std::span<const std::byte> get_bytes(StateReader& from) { return from.take(from.get<std::uint64_t>()); }

Chunk get_chunk(StateReader& from) {
  constexpr std::size_t longest_name = 64;
  const auto name = get_bytes(from);
  const std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
  const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (text.size() > longest_name || !printable) throw StateError("these are not the states of devices");
  const auto version = from.get<std::uint32_t>();
  return {text, version, get_bytes(from)};
}

}  // namespace

void DeviceStates::save(StateWriter& to) const {
  to.put(static_cast<std::uint32_t>(devices_.size()));
  StateWriter state;
  for (const Device& device : devices_) {
    state.clear();
    device.save(state);
    to.put_list(std::span<const char>(device.name));
    to.put(device.version);
    to.put_list(std::span<const std::byte>(state.bytes()));
  }
}

std::vector<DeviceStates::Bytes> DeviceStates::find_states(StateReader& from) const {
  std::vector<Chunk> chunks;
  for (auto count = from.get<std::uint32_t>(); count > 0; --count) chunks.push_back(get_chunk(from));
  std::vector<Bytes> states;
  for (const Device& device : devices_) {
    const auto chunk = std::ranges::find(chunks, device.name, &Chunk::name);
    if (chunk == chunks.end()) throw StateError(fmt::format("there is no state of the device {}", device.name));
    if (chunk->version != device.version) {
      throw StateError(fmt::format("the state of the device {} is of version {}; this gdbvm has version {}",
                                   device.name, chunk->version, device.version));
    }
    states.push_back(chunk->bytes);
    chunks.erase(chunk);
  }
  if (!chunks.empty()) {
    throw StateError(
        fmt::format("there is the state of a device that this machine does not have: {}", chunks.front().name));
  }
  return states;
}

void DeviceStates::restore(StateReader& from) {
  const auto states = find_states(from);
  std::vector<StateWriter> before(devices_.size());
  for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].save(before[i]);
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    try {
      restore(devices_[i], states[i]);
    } catch (const StateError& error) {
      for (std::size_t changed = 0; changed <= i; ++changed) restore(devices_[changed], before[changed].bytes());
      throw StateError(
          fmt::format("the state of the device {} cannot be restored: {}", devices_[i].name, error.what()));
    }
  }
}

void DeviceStates::restore_own(StateReader& from) {
  const auto states = find_states(from);
  for (std::size_t i = 0; i < devices_.size(); ++i) restore(devices_[i], states[i]);
}

void DeviceStates::restore(const Device& device, Bytes state) {
  StateReader reader(state);
  device.restore(reader);
  if (!reader.empty()) throw StateError("it is longer than it should be");
}

}  // namespace gdbvm

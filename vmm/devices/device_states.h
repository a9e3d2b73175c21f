// The states of all of a machine's devices, each with its name and version.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "vmm/devices/state.h"

namespace gdbvm {

class DeviceStates final {
 public:
  // The device outlives this. Names stay as they are, since files have them; each is added once.
  template <class Device>
  void add(std::string name, Device& device) {
    devices_.push_back({std::move(name), Device::state_version, [&device](StateWriter& to) { device.save(to); },
                        [&device](StateReader& from) { device.restore(from); }});
  }

  // While no vCPU runs, as restore().
  void save(StateWriter& to) const;
  // Throws StateError, and has changed nothing, unless there is a state of exactly these devices, in these versions.
  void restore(StateReader& from);
  // What these devices have saved themselves; it is not expected to fail.
  void restore_own(StateReader& from);

 private:
  struct Device {
    std::string name;
    std::uint32_t version;
    std::function<void(StateWriter&)> save;
    std::function<void(StateReader&)> restore;
  };
  using Bytes = std::span<const std::byte>;
  // The bytes of each device's state, in the order of devices_.
  std::vector<Bytes> find_states(StateReader& from) const;

  static void restore(const Device& device, Bytes state);

  std::vector<Device> devices_;
};

}  // namespace gdbvm

// A device's state as bytes: what snapshots keep, and what is read back, perhaps from somebody else's file.
//
// Each device that has a state has `save(StateWriter&) const`, `restore(StateReader&)` and a `state_version`, which
// changes when what they write and read does. Both are called while no vCPU runs. restore() takes what save() wrote,
// after which save() writes the same bytes again; it throws StateError, and has changed nothing, if the bytes are no
// state of this device. The level at which a device holds its interrupt line is part of its state, but restore() tells
// nobody of it: the interrupt controllers are restored as well. What the host has for the guest (bytes on a serial
// line, the time of day) is the present's and not saved. Timers are set again, by the device's clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace gdbvm {

// What a device keeps as it is: integers and arrays of them without padding, so that equal states are equal bytes, and
// any bytes are a state (no bool and no enumeration; a register used as an index is masked where it is used).
template <class T>
concept PlainState = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

// The bytes are not a state of this device: truncated, too long, or of another version. A sentence.
class StateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class StateWriter final {
 public:
  template <PlainState T>
  void put(const T& value) {
    put_bytes(std::as_bytes(std::span(&value, 1)));
  }
  void put_bytes(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  // A list of a length that get_list() restores.
  template <PlainState T>
  void put_list(std::span<const T> values) {
    put(std::uint64_t{values.size()});
    put_bytes(std::as_bytes(values));
  }
  const std::vector<std::byte>& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::vector<std::byte> bytes_;
};

// Throws StateError when there are fewer bytes than asked for.
class StateReader final {
 public:
  explicit StateReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <PlainState T>
  T get() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  template <PlainState T>
  std::vector<T> get_list() {
    const auto count = get<std::uint64_t>();
    if (count > bytes_.size() / sizeof(T)) throw StateError("a device's state is truncated");
    std::vector<T> values(count);
    const auto from = take(count * sizeof(T));
    if (!from.empty()) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }
  std::span<const std::byte> take(std::size_t size) {
    if (size > bytes_.size()) throw StateError("a device's state is truncated");
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  bool empty() const { return bytes_.empty(); }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace gdbvm

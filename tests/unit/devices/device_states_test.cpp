// All devices' states together: exactly these devices, in these versions, or nothing changes.
#include "vmm/devices/device_states.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

// Its state is one number, which must not be 13.
template <std::uint32_t version>
struct Number {
  static constexpr std::uint32_t state_version = version;
  void save(StateWriter& to) const { to.put(value); }
  void restore(StateReader& from) {
    value = from.get<std::uint32_t>();  // before it is known whether it will do
    if (value == 13) throw StateError("the number is 13");
  }
  std::uint32_t value = 0;
};

std::string refusal(DeviceStates& states, const StateBytes& bytes) {
  try {
    restore(states, bytes);
    return "";
  } catch (const StateError& error) {
    return error.what();
  }
}

class DeviceStatesTest : public testing::Test {
 protected:
  DeviceStatesTest() {
    states.add("first", first);
    states.add("second", second);
  }
  void set(std::uint32_t to_first, std::uint32_t to_second) {
    first.value = to_first;
    second.value = to_second;
  }
  std::pair<std::uint32_t, std::uint32_t> values() const { return {first.value, second.value}; }

  Number<1> first;
  Number<7> second;
  DeviceStates states;
};

TEST_F(DeviceStatesTest, AreRestored) {
  set(1, 2);
  const StateBytes bytes = saved(states);
  set(3, 4);
  EXPECT_EQ(refusal(states, bytes), "");
  EXPECT_EQ(values(), std::pair(1u, 2u));
  EXPECT_EQ(saved(states), bytes);
}

TEST_F(DeviceStatesTest, AnotherOrderIsTheSameMachine) {
  set(1, 2);
  const StateBytes bytes = saved(states);
  set(3, 4);
  DeviceStates turned;
  turned.add("second", second);
  turned.add("first", first);
  EXPECT_EQ(refusal(turned, bytes), "");
  EXPECT_EQ(values(), std::pair(1u, 2u));
}

TEST_F(DeviceStatesTest, OfAnotherMachineAreRefused) {
  DeviceStates fewer, others;
  fewer.add("first", first);
  others.add("first", first);
  others.add("third", second);
  set(1, 2);
  const StateBytes all = saved(states), one = saved(fewer);
  set(3, 4);
  EXPECT_EQ(refusal(states, one), "there is no state of the device second");
  EXPECT_EQ(refusal(fewer, all), "there is the state of a device that this machine does not have: second");
  EXPECT_EQ(refusal(others, all), "there is no state of the device third");
  EXPECT_EQ(values(), std::pair(3u, 4u));
}

TEST_F(DeviceStatesTest, OfAnotherVersionAreRefused) {
  Number<6> older;
  DeviceStates old;
  old.add("first", first);
  old.add("second", older);
  const StateBytes bytes = saved(old);
  set(3, 4);
  EXPECT_EQ(refusal(states, bytes), "the state of the device second is of version 6; this gdbvm has version 7");
  EXPECT_EQ(values(), std::pair(3u, 4u));
}

TEST_F(DeviceStatesTest, WhereOneIsNoStateTheOthersStay) {
  set(1, 13);
  const StateBytes bytes = saved(states);
  set(3, 4);
  EXPECT_EQ(refusal(states, bytes), "the state of the device second cannot be restored: the number is 13");
  EXPECT_EQ(values(), std::pair(3u, 4u));
}

TEST_F(DeviceStatesTest, OfAnotherLengthAreRefused) {
  struct Long : Number<7> {
    void save(StateWriter& to) const { to.put(std::uint64_t{0}); }
  } longer;
  DeviceStates with_longer;
  with_longer.add("first", first);
  with_longer.add("second", longer);
  const StateBytes bytes = saved(with_longer);
  set(3, 4);
  EXPECT_EQ(refusal(states, bytes),
            "the state of the device second cannot be restored: it is longer than it should be");
  EXPECT_EQ(values(), std::pair(3u, 4u));
}

TEST_F(DeviceStatesTest, ForeignBytesAreRefused) {
  set(1, 2);
  const StateBytes bytes = saved(states);
  set(3, 4);
  expect_truncated_is_refused(states, bytes);
  constexpr std::size_t name = sizeof(std::uint32_t) + sizeof(std::uint64_t);
  EXPECT_EQ(refusal(states, with(bytes, name, '\n')), "these are not the states of devices");
  EXPECT_EQ(values(), std::pair(3u, 4u));
}

}  // namespace
}  // namespace gdbvm

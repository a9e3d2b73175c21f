// What a PS/2 device has for the controller: answers to its commands, and what people do.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "vmm/devices/state.h"

namespace gdbvm::ps2 {

// Answers go first. Those that nobody has taken are dropped for the next command's, as a device gives up sending when
// it is sent something.
class Output final {
 public:
  static constexpr std::size_t capacity = 16;

  void answer(std::initializer_list<std::uint8_t> bytes);
  void answer_again() { answer({state_.last}); }
  bool has_answer() const { return state_.answers > 0; }

  // The bytes stay together. false: there is no room for them all, and none is taken.
  [[nodiscard]] bool put(std::span<const std::uint8_t> bytes);
  // There is always room for this one, which tells of bytes that had none. Nothing is put after it until all is taken.
  void put_overrun(std::uint8_t byte);
  void drop_data() { state_.data_count = state_.overrun = 0; }
  bool has_data() const { return state_.data_count > 0; }

  // Something is there.
  std::uint8_t take();

  void save(StateWriter& to) const { to.put(state_); }
  void restore(StateReader& from);

 private:
  static constexpr std::size_t most_answers = 5;
  struct State {
    std::array<std::uint8_t, most_answers> answer;
    std::array<std::uint8_t, capacity + 1> data;
    std::uint8_t answers, data_count, last;
    std::uint8_t overrun;  // yes or no: the last of the data says so
  };
  static_assert(PlainState<State>);
  State state_{};
};

}  // namespace gdbvm::ps2

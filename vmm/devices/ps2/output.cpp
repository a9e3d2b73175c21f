// Two short queues, the first of which goes first.
#include "vmm/devices/ps2/output.h"

#include <algorithm>

namespace gdbvm::ps2 {

void Output::answer(std::initializer_list<std::uint8_t> bytes) {
  const std::size_t count = std::min(bytes.size(), most_answers);
  std::copy_n(bytes.begin(), count, state_.answer.begin());
  state_.answers = static_cast<std::uint8_t>(count);
}

bool Output::put(std::span<const std::uint8_t> bytes) {
  if (state_.overrun || state_.data_count + bytes.size() > capacity) return false;
  std::ranges::copy(bytes, state_.data.begin() + state_.data_count);
  state_.data_count = static_cast<std::uint8_t>(state_.data_count + bytes.size());
  return true;
}

void Output::put_overrun(std::uint8_t byte) {
  if (state_.overrun) return;
  state_.data[state_.data_count++] = byte;
  state_.overrun = 1;
}

std::uint8_t Output::take() {
  const bool is_answer = has_answer();
  const auto first = is_answer ? state_.answer.begin() : state_.data.begin();
  std::uint8_t& count = is_answer ? state_.answers : state_.data_count;
  state_.last = *first;
  std::copy(first + 1, first + count, first);
  --count;
  if (!has_data()) state_.overrun = 0;
  return state_.last;
}

void Output::restore(StateReader& from) {
  const auto state = from.get<State>();
  if (state.answers > most_answers || state.data_count > capacity + (state.overrun != 0)) {
    throw StateError("more bytes than a PS/2 device keeps");
  }
  state_ = state;
}

}  // namespace gdbvm::ps2

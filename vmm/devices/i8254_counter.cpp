// What a counter does between writes: its courses.
#include "vmm/devices/i8254_counter.h"

namespace gdbvm {

namespace {

using Course = I8254Counter::Course;

// The control word's bits 5 and 4; 3, both bytes, is the rest.
enum Access : unsigned { LowByte = 1, HighByte = 2 };

constexpr std::uint64_t modulus(bool decimal) { return decimal ? 10'000 : 65'536; }

// Digits above 9, which are no BCD, count what they are worth.
constexpr std::uint64_t from_decimal(std::uint32_t digits) {
  return (digits >> 12 & 15) * 1000 + (digits >> 8 & 15) * 100 + (digits >> 4 & 15) * 10 + (digits & 15);
}
constexpr std::uint16_t to_decimal(std::uint64_t value) {
  return static_cast<std::uint16_t>(value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10);
}

// Of a square wave's period the part when OUT is high: an odd count's extra pulse is in it.
constexpr std::uint64_t high_part(std::uint64_t length) { return (length + 1) / 2; }

// The pulses since the course's count was loaded.
constexpr std::uint64_t elapsed(const Course& course, I8254Counter::Pulse now) {
  return course.kind == I8254Counter::Running ? now - course.start : course.start;
}

}  // namespace

unsigned I8254Counter::mode() const {
  const unsigned bits = state_.control >> 1 & 7;
  return bits > 5 ? bits - 4 : bits;  // of modes 2 and 3 the upper bit does not matter
}

const Course& I8254Counter::course_at(Pulse now) const {
  return state_.next.kind != None && now >= state_.next_from ? state_.next : state_.current;
}

std::uint64_t I8254Counter::length(const Course& course) const {
  const std::uint64_t count = decimal() ? from_decimal(course.count) : course.count & 0xffff;
  if (count == 0) return modulus(decimal());
  return count == 1 && periodic() ? 2 : count;
}

bool I8254Counter::out_of(const Course& course, Pulse now) const {
  if (course.kind == Held) return mode() != 0;
  const std::uint64_t n = length(course), since = elapsed(course, now);
  switch (mode()) {
    case 0:
    case 1:
      return since >= n;
    case 2:
      return since % n != n - 1;
    case 3:
      return since % n < high_part(n);
    default:
      return since != n;
  }
}

std::optional<I8254Counter::Pulse> I8254Counter::rise_of(const Course& course, Pulse now) const {
  if (course.kind != Running) return {};
  const std::uint64_t n = length(course), since = elapsed(course, now);
  if (periodic()) return course.start + (since / n + 1) * n;
  const std::uint64_t end = mode() < 2 ? n : n + 1;
  if (since >= end) return {};
  return course.start + end;
}

std::optional<I8254Counter::Pulse> I8254Counter::next_rise(Pulse now) const {
  const Pulse from = state_.next_from;
  if (state_.next.kind == None || now >= from) return rise_of(course_at(now), now);
  // The current course does not rise before: a write or a trigger is obeyed at the latest when its cycle ends.
  if (!out_of(state_.current, from - 1) && out_of(state_.next, from)) return from;
  return rise_of(state_.next, from);
}

// A square wave counts its half periods down by two, from the count or, if that is odd, from one less.
std::uint64_t I8254Counter::remaining(const Course& course, Pulse now) const {
  const std::uint64_t n = length(course), since = elapsed(course, now), most = modulus(decimal());
  if (mode() == 2) return n - since % n;
  if (mode() != 3) return n + most * 2 - since % most;
  const std::uint64_t phase = since % n, high = high_part(n);
  return n / 2 * 2 - 2 * (phase < high ? phase : phase - high);
}

std::uint16_t I8254Counter::count_of(const Course& course, Pulse now) const {
  if (course.kind == Held) return static_cast<std::uint16_t>(course.count);
  const std::uint64_t value = remaining(course, now) % modulus(decimal());
  return decimal() ? to_decimal(value) : static_cast<std::uint16_t>(value);
}

void I8254Counter::settle(Pulse now) {
  if (state_.next.kind == None || now < state_.next_from) return;
  state_.current = state_.next;
  state_.next.kind = None;
  state_.null_count = 0;
}

void I8254Counter::hold(Pulse now) {
  state_.current = {.start = 0, .count = count_of(state_.current, now), .kind = Held};
  state_.next.kind = None;
}

// A closed gate keeps modes 0, 2, 3 and 4 from counting, but not from loading.
void I8254Counter::load_at_next_pulse(Pulse now) {
  state_.next_from = now + 1;
  state_.next = {.start = now + 1, .count = state_.reload, .kind = Running};
  if (state_.gate || triggered()) return;
  state_.next.start = 0;
  state_.next.kind = Paused;
}

// Mode 2 takes a new count at the end of the period, mode 3 at that of the half period.
void I8254Counter::load_at_end_of_cycle(Pulse now) {
  const std::uint64_t n = length(state_.current), phase = elapsed(state_.current, now) % n;
  const bool to_low = mode() == 3 && phase < high_part(n);
  const Pulse end = now - phase + (to_low ? high_part(n) : n);
  state_.next_from = end;
  state_.next = {.start = end, .count = state_.reload, .kind = Running};
  if (to_low) state_.next.start -= high_part(length(state_.next));
}

void I8254Counter::set_count(std::uint16_t count, Pulse now) {
  state_.reload = count;
  state_.null_count = 1;
  const bool first = !state_.counts;
  state_.counts = 1;
  if (periodic()) {
    if (state_.current.kind == Running) {
      load_at_end_of_cycle(now);
    } else if (state_.gate || first) {
      load_at_next_pulse(now);
    }
  } else if (!triggered()) {
    if (mode() == 0) hold(now);
    load_at_next_pulse(now);
  } else if (state_.next.kind != None) {
    load_at_next_pulse(now);
  }
}

void I8254Counter::open_gate(Pulse now) {
  if (triggered() || periodic()) {
    if (state_.counts) load_at_next_pulse(now);
    return;
  }
  if (state_.current.kind == Paused) {
    state_.current.start = now - state_.current.start;
    state_.current.kind = Running;
  }
  if (state_.next.kind == Paused) {
    state_.next.start = state_.next_from;
    state_.next.kind = Running;
  }
}

void I8254Counter::close_gate(Pulse now) {
  if (triggered()) return;
  if (periodic()) {
    const bool loading = state_.current.kind != Running && state_.next.kind != None;
    hold(now);
    if (loading) load_at_next_pulse(now);
    return;
  }
  if (state_.current.kind == Running) {
    state_.current.start = now - state_.current.start;
    state_.current.kind = Paused;
  }
  if (state_.next.kind == Running) {
    state_.next.start = 0;
    state_.next.kind = Paused;
  }
}

void I8254Counter::set_gate(bool gate, Pulse now) {
  if (gate == this->gate()) return;
  settle(now);
  state_.gate = gate;
  if (gate) {
    open_gate(now);
  } else {
    close_gate(now);
  }
}

void I8254Counter::write_control(std::uint8_t word, Pulse now) {
  settle(now);
  hold(now);
  state_.control = word & 0x3f;
  state_.counts = 0;
  state_.null_count = 1;
  state_.reads_high = state_.writes_high = 0;
  state_.count_latched = state_.status_latched = 0;
}

void I8254Counter::write(std::uint8_t value, Pulse now) {
  settle(now);
  if (access() == LowByte) {
    set_count(value, now);
  } else if (access() == HighByte) {
    set_count(static_cast<std::uint16_t>(value << 8), now);
  } else if (state_.writes_high) {
    state_.writes_high = 0;
    set_count(static_cast<std::uint16_t>(value << 8 | (state_.low_byte & 0xff)), now);
  } else {
    state_.writes_high = 1;
    state_.low_byte = value;
    if (mode() == 0) hold(now);
  }
}

std::uint8_t I8254Counter::byte_of(std::uint16_t value) {
  bool high = access() == HighByte;
  if (access() != LowByte && !high) {
    high = state_.reads_high;
    state_.reads_high = !high;
  }
  return static_cast<std::uint8_t>(high ? value >> 8 : value);
}

std::uint8_t I8254Counter::read(Pulse now) {
  settle(now);
  if (state_.status_latched) {
    state_.status_latched = 0;
    return static_cast<std::uint8_t>(state_.status);
  }
  const std::uint8_t byte = byte_of(state_.count_latched ? state_.latched : count_of(state_.current, now));
  if (!state_.reads_high) state_.count_latched = 0;
  return byte;
}

// What is latched stays until it is read.
void I8254Counter::latch_count(Pulse now) {
  settle(now);
  if (state_.count_latched) return;
  state_.latched = count_of(state_.current, now);
  state_.count_latched = 1;
}

void I8254Counter::latch_status(Pulse now) {
  settle(now);
  if (state_.status_latched) return;
  const unsigned flags = (out(now) ? 0x80u : 0u) | (state_.null_count ? 0x40u : 0u);
  state_.status = static_cast<std::uint16_t>(flags | state_.control);
  state_.status_latched = 1;
}

void I8254Counter::reset(bool gate) {
  state_ = {};
  state_.current.kind = Held;
  state_.control = 0x36;
  state_.null_count = 1;
  state_.gate = gate;
}

}  // namespace gdbvm

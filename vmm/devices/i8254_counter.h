// One counter of an Intel 8254 interval timer, by its data sheet, as a function of the clock pulses so far.
#pragma once

#include <cstdint>
#include <optional>

namespace gdbvm {

// Time is in clock pulses, and what happens at pulse n has happened before pulse n + 1. It does not go backwards. What
// the data sheet leaves open: a count of 1 in modes 2 and 3, which it forbids, counts as 2.
class I8254Counter final {
 public:
  using Pulse = std::uint64_t;

  // What the counting element does from some pulse on. Plain data.
  struct Course {
    std::uint64_t start;  // Running: the pulse at which it held `count`. Paused: the pulses since then.
    std::uint32_t count;  // Running, Paused: as written, 0 for the most. Held: what is read.
    std::uint32_t kind;   // a Kind
  };
  enum Kind : std::uint32_t { None, Held, Running, Paused };
  struct State {
    Course current, next;    // next.kind None: nothing else is to come by itself
    Pulse next_from;         // the pulse that loads the next course's count
    std::uint16_t reload;    // the count register
    std::uint16_t latched;   // the output latch
    std::uint16_t low_byte;  // the first half of a count of two bytes
    std::uint16_t status;    // the status latch
    std::uint8_t control;    // the control word's bits 5 to 0
    std::uint8_t gate;
    std::uint8_t counts;      // the count register has been written since the control word
    std::uint8_t null_count;  // it has not been loaded since it was written
    std::uint8_t reads_high;  // of two bytes the next one read or written is the second
    std::uint8_t writes_high;
    std::uint8_t count_latched;
    std::uint8_t status_latched;
  };

  // As at power-on, where the data sheet promises nothing: mode 3, waiting for a count, its output high.
  void reset(bool gate);

  void write_control(std::uint8_t word, Pulse now);
  void write(std::uint8_t value, Pulse now);
  std::uint8_t read(Pulse now);
  void latch_count(Pulse now);
  void latch_status(Pulse now);
  void set_gate(bool gate, Pulse now);

  bool gate() const { return state_.gate; }
  // As it is, whatever is latched.
  std::uint16_t count(Pulse now) const { return count_of(course_at(now), now); }
  bool counting(Pulse now) const { return course_at(now).kind == Running; }
  bool out(Pulse now) const { return out_of(course_at(now), now); }
  // The first pulse after `now` at which OUT goes from low to high, if nobody writes or moves the gate.
  std::optional<Pulse> next_rise(Pulse now) const;

  unsigned mode() const;
  bool decimal() const { return state_.control & 1; }
  unsigned access() const { return state_.control >> 4 & 3; }
  const State& state() const { return state_; }
  // Any bytes will do: what is no Kind counts as Paused.
  void restore(const State& state) { state_ = state; }

 private:
  bool periodic() const { return mode() == 2 || mode() == 3; }
  bool triggered() const { return mode() == 1 || mode() == 5; }

  const Course& course_at(Pulse now) const;
  std::uint64_t length(const Course& course) const;
  bool out_of(const Course& course, Pulse now) const;
  std::optional<Pulse> rise_of(const Course& course, Pulse now) const;
  std::uint64_t remaining(const Course& course, Pulse now) const;
  std::uint16_t count_of(const Course& course, Pulse now) const;

  void settle(Pulse now);
  void hold(Pulse now);
  void set_count(std::uint16_t count, Pulse now);
  void load_at_next_pulse(Pulse now);
  void load_at_end_of_cycle(Pulse now);
  void open_gate(Pulse now);
  void close_gate(Pulse now);
  std::uint8_t byte_of(std::uint16_t value);

  State state_{};
};

}  // namespace gdbvm

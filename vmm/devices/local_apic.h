// A CPU's local APIC as a pure model (SDM vol. 3, chapter 11): xAPIC, that is with registers in memory only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "vmm/devices/apic_message.h"
#include "vmm/devices/apic_timer.h"
#include "vmm/devices/state.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm {

// No thread, lock or clock: the owner says what time it is, and keeps calls apart. Each call may change what pending(),
// has_signals() and next_event() return. IA32_APIC_BASE is the owner's, who calls init() when the guest disables the
// APIC there (11.4.3).
//
// The timer's clock has 1 GHz of machine time; there is no TSC-deadline mode: a timer in it does not count. SMIs are
// dropped, for there is no SMM, and so are ExtINT messages, for the PICs' output is wired to LINT0 and not to a pin of
// the I/O APIC.
class LocalApic final {
 public:
  using Time = ApicTimer::Time;
  // What the rest of the machine hears of a write.
  struct Effect {
    std::optional<ApicMessage> message;            // an interprocessor interrupt, to be routed
    std::optional<std::uint8_t> end_of_interrupt;  // of a level-triggered vector: for the I/O APIC
  };
  // What interrupts the CPU without a vector of this APIC. When both are set, INIT came before the start-up.
  struct Signals {
    bool nmi = false, init = false;
    std::optional<std::uint8_t> start_up;  // the page where the CPU starts; ignored unless it waits for it
    explicit operator bool() const { return nmi || init || start_up; }
  };

  // The boot CPU's LINT0 is ExtINT and LINT1 is NMI, as firmware leaves them: without it no PIC interrupt ever arrives.
  LocalApic(std::uint8_t id, bool boot_cpu);
  // Power-on (11.4.7.1). What drives the LINT pins goes on doing so.
  void reset();
  // INIT (11.4.7.3): the APIC ID stays, and so do signals that have not been taken.
  void init();
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

  // A register by its offset in the page, a multiple of 16; others are errors that the guest may read about.
  std::uint32_t read(unsigned offset, Time now);
  Effect write(unsigned offset, std::uint32_t value, Time now);
  // The page as the guest would read it.
  x86::LocalApicRegisters registers(Time now) const;

  // CR8 is bits 7-4 of the task priority; a CR8 that differs from them clears bits 3-0.
  std::uint8_t cr8() const { return static_cast<std::uint8_t>(at(x86::lapic::task_priority) >> 4 & 0xf); }
  void set_cr8(std::uint8_t value);

  // Interrupts from elsewhere. A message that matched(), or came by a shorthand; false: it left no trace.
  bool accept(const ApicMessage& message);
  bool matches(std::uint8_t destination, DestinationMode mode) const;
  bool software_enabled() const;
  // Of the CPUs that a lowest-priority message may go to, the one where this is least takes it (11.6.2.4).
  std::uint8_t arbitration_priority() const;
  // Pin 0 or 1; its level is whether the source asserts it, so that the entries' polarity does not matter.
  void set_lint(unsigned pin, bool asserted);

  // Interrupts for the CPU. Before asking, advance() to the time at which it would take them.
  std::optional<std::uint8_t> pending() const;
  // The CPU takes the pending vector; the spurious one if there is none any more.
  std::uint8_t acknowledge();
  // A vector that acknowledge() returned has not reached the CPU: it is requested again.
  void give_back(std::uint8_t vector);
  bool has_signals() const;
  Signals take_signals();
  // Whether LINT0 passes on the PICs' output.
  bool accepts_ext_int() const;

  // When the timer will next request an interrupt: nullopt also while that would change nothing, because it is masked
  // or its last request has not been acknowledged.
  std::optional<Time> next_event() const;
  void advance(Time now);

 private:
  struct State {
    x86::LocalApicRegisters page;
    std::uint32_t errors = 0;  // seen since the guest wrote the error register
    std::uint8_t lint = 0;     // a bit for each asserted pin
    std::uint8_t nmi = 0, init = 0, start_up = 0, start_up_page = 0;
    std::uint8_t unused[3] = {};
  };
  std::uint32_t at(unsigned offset) const { return state_.page.at(offset); }
  std::uint32_t& at(unsigned offset) { return state_.page.words[offset / 4]; }
  void power_on(std::uint8_t id);
  ApicTimer::Setup timer_setup() const;
  std::uint8_t processor_priority() const;

  void write_spurious(std::uint32_t value);
  void write_lvt(unsigned offset, std::uint32_t value);
  void write_timer(unsigned offset, std::uint32_t value, Time now);
  std::optional<ApicMessage> send(std::uint32_t command);
  std::optional<std::uint8_t> end_of_interrupt();

  bool request(std::uint8_t vector, TriggerMode trigger);
  bool changes_nothing(unsigned lvt) const;
  void raise(unsigned lvt);
  void drive_level_lint0();
  void report(std::uint32_t error);

  const std::uint8_t id_;
  const bool boot_cpu_;
  State state_;
  ApicTimer timer_;
};

}  // namespace gdbvm

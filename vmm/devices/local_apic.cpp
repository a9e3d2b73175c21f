// The local APIC's registers (SDM vol. 3, table 11-1). What they do to interrupts is in local_apic_interrupts.cpp.
#include "vmm/devices/local_apic.h"

#include <algorithm>
#include <utility>

#include "vmm/devices/local_apic_bits.h"

namespace gdbvm {

namespace lapic = x86::lapic;

namespace {

// Bit n: there is a register at offset 16 * n.
constexpr std::uint64_t registers_there = [] {
  std::uint64_t bits = 0;
  for (const unsigned offset :
       {lapic::id, lapic::version, lapic::task_priority, lapic::arbitration_priority, lapic::processor_priority,
        lapic::end_of_interrupt, lapic::remote_read, lapic::logical_destination, lapic::destination_format,
        lapic::spurious, lapic::errors, lapic::command_low, lapic::command_high, lapic::timer_initial,
        lapic::timer_current, lapic::timer_divide})
    bits |= std::uint64_t{1} << offset / 16;
  for (unsigned offset = lapic::in_service; offset < lapic::errors; offset += 16)
    bits |= std::uint64_t{1} << offset / 16;
  for (const unsigned offset : local_apic::lvt_entries) bits |= std::uint64_t{1} << offset / 16;
  return bits;
}();

constexpr bool is_register(unsigned offset) {
  return offset % 16 == 0 && offset < sizeof(x86::LocalApicRegisters) && registers_there >> offset / 16 & 1;
}

constexpr std::uint32_t writable_in_lvt(unsigned offset) {
  using namespace apic_entry;
  constexpr std::uint32_t always = vector_bits | masked;
  switch (offset) {
    case lapic::lvt_timer:
      return always | local_apic::timer_mode_bits;
    case lapic::lvt_lint0:
    case lapic::lvt_lint1:
      return always | delivery_bits | active_low | level;
    case lapic::lvt_error:
      return always;
    default:
      return always | delivery_bits;
  }
}

}  // namespace

LocalApic::LocalApic(std::uint8_t id, bool boot_cpu) : id_(id), boot_cpu_(boot_cpu) { power_on(id); }

void LocalApic::power_on(std::uint8_t id) {
  constexpr std::uint32_t ext_int = 0x700, nmi = 0x400;
  state_.page = {};
  state_.errors = 0;
  timer_ = {};
  at(lapic::id) = std::uint32_t{id} << 24;
  at(lapic::version) = local_apic::version;
  at(lapic::destination_format) = ~std::uint32_t{};
  at(lapic::spurious) = 0xff;
  for (const unsigned offset : local_apic::lvt_entries) at(offset) = apic_entry::masked;
  if (!boot_cpu_) return;
  at(lapic::lvt_lint0) = ext_int;
  at(lapic::lvt_lint1) = nmi;
}

void LocalApic::reset() {
  power_on(id_);
  take_signals();
}

void LocalApic::init() { power_on(static_cast<std::uint8_t>(at(lapic::id) >> 24)); }

void LocalApic::save(StateWriter& writer) const {
  writer.put(state_);
  timer_.save(writer);
}

void LocalApic::restore(StateReader& reader) {
  const auto state = reader.get<State>();
  timer_.restore(reader);
  state_ = state;
}

std::uint32_t LocalApic::read(unsigned offset, Time now) {
  advance(now);
  if (!is_register(offset)) {
    report(local_apic::illegal_register);
    return 0;
  }
  switch (offset) {
    case lapic::arbitration_priority:
      return arbitration_priority();
    case lapic::processor_priority:
      return processor_priority();
    case lapic::timer_current:
      return timer_.remaining(timer_setup(), now);
    default:
      return at(offset);
  }
}

x86::LocalApicRegisters LocalApic::registers(Time now) const {
  auto page = state_.page;
  page.words[lapic::arbitration_priority / 4] = arbitration_priority();
  page.words[lapic::processor_priority / 4] = processor_priority();
  page.words[lapic::timer_current / 4] = timer_.remaining(timer_setup(), now);
  return page;
}

// What is not named here is read-only.
LocalApic::Effect LocalApic::write(unsigned offset, std::uint32_t value, Time now) {
  advance(now);
  if (!is_register(offset)) report(local_apic::illegal_register);
  switch (offset) {
    case lapic::id:
    case lapic::logical_destination:
    case lapic::command_high:
      at(offset) = value & 0xff000000;
      return {};
    case lapic::task_priority:
      at(offset) = value & 0xff;
      return {};
    case lapic::end_of_interrupt:
      return {.message = {}, .end_of_interrupt = end_of_interrupt()};
    case lapic::destination_format:
      at(offset) = value | 0x0fffffff;
      return {};
    case lapic::spurious:
      write_spurious(value);
      return {};
    case lapic::errors:
      at(offset) = std::exchange(state_.errors, 0);
      return {};
    case lapic::command_low:
      return {.message = send(value), .end_of_interrupt = {}};
    case lapic::timer_initial:
    case lapic::timer_divide:
      write_timer(offset, value, now);
      return {};
    default:
      if (std::ranges::find(local_apic::lvt_entries, offset) != local_apic::lvt_entries.end()) write_lvt(offset, value);
      return {};
  }
}

// Software disabling masks all local interrupts; what is requested or in service stays (11.4.7.2).
void LocalApic::write_spurious(std::uint32_t value) {
  at(lapic::spurious) = value & 0x3ff;
  if (software_enabled()) return;
  for (const unsigned offset : local_apic::lvt_entries) at(offset) |= apic_entry::masked;
}

void LocalApic::write_lvt(unsigned offset, std::uint32_t value) {
  std::uint32_t entry = value & writable_in_lvt(offset);
  if (!software_enabled()) entry |= apic_entry::masked;
  if (offset == lapic::lvt_lint0 && apic_entry::level_triggered(entry))
    entry |= at(offset) & apic_entry::remote_request;
  at(offset) = entry;
  if (offset == lapic::lvt_lint0) drive_level_lint0();
  if (offset == lapic::lvt_timer && !local_apic::timer_counts(entry)) {
    at(lapic::timer_initial) = 0;
    timer_.start(0, {});
  }
}

void LocalApic::write_timer(unsigned offset, std::uint32_t value, Time now) {
  if (offset == lapic::timer_divide) {
    timer_.rebase(timer_setup(), now);
    at(offset) = value & 0xb;
  } else if (local_apic::timer_counts(at(lapic::lvt_timer))) {
    at(offset) = value;
    timer_.start(value, now);
  }
}

ApicTimer::Setup LocalApic::timer_setup() const {
  return {.initial = at(lapic::timer_initial),
          .shift = lapic::timer_shift(at(lapic::timer_divide)),
          .periodic = (at(lapic::lvt_timer) & local_apic::timer_mode_bits) == local_apic::timer_periodic};
}

void LocalApic::set_cr8(std::uint8_t value) {
  if (cr8() != (value & 0xf)) at(lapic::task_priority) = (value & 0xfu) << 4;
}

}  // namespace gdbvm

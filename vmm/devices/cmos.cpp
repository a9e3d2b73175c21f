#include "vmm/devices/cmos.h"

#include <algorithm>

#include "vmm/memory/guest_memory.h"

namespace gdbvm {

namespace {
enum Index : std::uint8_t {
  seconds = 0x00,
  seconds_alarm = 0x01,
  minutes = 0x02,
  minutes_alarm = 0x03,
  hours = 0x04,
  hours_alarm = 0x05,
  day_of_week = 0x06,
  day_of_month = 0x07,
  month = 0x08,
  year = 0x09,
  status_a = 0x0a,
  status_b = 0x0b,
  status_c = 0x0c,
  status_d = 0x0d,
  // Left there by PC firmware:
  base_memory = 0x15,           // KiB below 640 KiB
  extended_memory = 0x17,       // KiB above 1 MiB, twice
  extended_memory_post = 0x30,  //
  century = x86::wiring::rtc_century,
  memory_above_16m = 0x34,  // 64 KiB units from 16 MiB up to the hole below 4 GiB
  memory_above_4g = 0x5b,   // 64 KiB units, three bytes
  // Bochs's and QEMU's: how a BIOS counts cylinders of IDE disks, two bits each.
  translation = 0x39,
};
constexpr std::uint8_t by_block_number = 0x55;     // as many heads as it takes for 1024 cylinders, 16 to 255
constexpr std::uint8_t update_in_progress = 0x80;  // status A
constexpr std::uint8_t set_mode = 0x80, square_wave = 0x08, binary = 0x04, hours_24 = 0x02;  // status B
constexpr std::uint8_t interrupt_request = 0x80;                                             // status C
constexpr std::uint8_t any_value = 0xc0;  // an alarm's register from here on
constexpr std::uint8_t ram_valid = 0x80;  // status D
constexpr std::uint8_t pm = 0x80;         // hours, in the 12-hour format
// UIP is raised this long before an update, and an update takes no time here (data sheet, figure 16: t_BUC).
constexpr std::chrono::microseconds update_warning{244};

constexpr std::uint8_t to_bcd(unsigned value) { return static_cast<std::uint8_t>(value / 10 << 4 | value % 10); }
constexpr unsigned from_bcd(std::uint8_t value) { return (value >> 4) * 10u + (value & 0xfu); }
}  // namespace

Cmos::Time Cmos::host_time() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Cmos::Cmos(std::uint64_t memory_size, InterruptLine interrupt, Timer& timer, Clock clock, std::optional<Time> start)
    : interrupt_(std::move(interrupt)),
      timer_(timer),
      clock_(std::move(clock)),
      has_start_(start),
      offset_(start ? *start - clock_() : std::chrono::microseconds(0)),
      collected_(now()) {
  ram_[status_a] = 0x26;  // 32.768 kHz time base, 1024 Hz periodic rate: a PC's usual setting
  ram_[status_b] = hours_24;
  ram_[status_d] = ram_valid;
  ram_[translation] = by_block_number;
  store_memory_size(memory_size);
}

void Cmos::store_memory_size(std::uint64_t memory_size) {
  constexpr std::uint64_t kib = 1024, mib = 1024 * kib, unit = 64 * kib;
  const auto store = [this](std::uint8_t index, std::uint64_t value, unsigned bytes) {
    value = std::min(value, (std::uint64_t{1} << 8 * bytes) - 1);
    for (unsigned i = 0; i < bytes; ++i) ram_[index + i] = static_cast<std::uint8_t>(value >> 8 * i);
  };
  const auto above = [](std::uint64_t size, std::uint64_t start) { return size > start ? size - start : 0; };
  const std::uint64_t low = std::min(memory_size, ram_hole_start.value);
  store(base_memory, std::min(memory_size / kib, std::uint64_t{640}), 2);
  store(extended_memory, above(low, mib) / kib, 2);
  store(extended_memory_post, above(low, mib) / kib, 2);
  store(memory_above_16m, above(low, 16 * mib) / unit, 2);
  store(memory_above_4g, above(memory_size, low) / unit, 3);
}

Cmos::Fields Cmos::fields_of(Time time) {
  using namespace std::chrono;
  const auto date = floor<days>(time);
  const year_month_day ymd(date);
  const hh_mm_ss clock(floor<std::chrono::seconds>(time - date));
  return {.second = static_cast<unsigned>(clock.seconds().count()),
          .minute = static_cast<unsigned>(clock.minutes().count()),
          .hour = static_cast<unsigned>(clock.hours().count()),
          .weekday = weekday(date).c_encoding() + 1,
          .day = static_cast<unsigned>(ymd.day()),
          .month = static_cast<unsigned>(ymd.month()),
          .year = static_cast<unsigned>(static_cast<int>(ymd.year()))};
}

// Nonsense from the guest leaves the clock as it was.
void Cmos::commit(const Fields& f) {
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(static_cast<int>(f.year)), std::chrono::month(f.month), day(f.day));
  if (!date.ok() || f.hour > 23 || f.minute > 59 || f.second > 59) return;
  const Time before = now();
  const auto fraction = before - floor<std::chrono::seconds>(before);
  const Time set = sys_days(date) + std::chrono::hours(f.hour) + std::chrono::minutes(f.minute) +
                   std::chrono::seconds(f.second) + fraction;
  offset_ += set - before;
}

bool Cmos::halted() const { return ram_[status_b] & set_mode; }

unsigned* Cmos::field(Fields& fields, std::uint8_t index) const {
  switch (index) {
    case seconds:
      return &fields.second;
    case minutes:
      return &fields.minute;
    case hours:
      return &fields.hour;
    case day_of_week:
      return &fields.weekday;
    case day_of_month:
      return &fields.day;
    case month:
      return &fields.month;
    case year:
    case century:
      return &fields.year;
    default:
      return nullptr;
  }
}

std::uint8_t Cmos::encode(std::uint8_t index, unsigned value) const {
  const bool is_binary = ram_[status_b] & binary;
  if (index == year) value %= 100;
  if (index == century) return to_bcd(value / 100 % 100);  // PC firmware keeps it in BCD always
  std::uint8_t afternoon = 0;
  if (index == hours && !(ram_[status_b] & hours_24)) {
    if (value >= 12) afternoon = pm;
    value = value % 12 == 0 ? 12 : value % 12;
  }
  return (is_binary ? static_cast<std::uint8_t>(value) : to_bcd(value)) | afternoon;
}

unsigned Cmos::decode(std::uint8_t index, std::uint8_t value) const {
  const auto number = [this](std::uint8_t v) { return ram_[status_b] & binary ? v : from_bcd(v); };
  if (index == hours && !(ram_[status_b] & hours_24)) {
    const unsigned hour = number(value & static_cast<std::uint8_t>(~pm)) % 12;
    return hour + (value & pm ? 12 : 0);
  }
  return number(value);
}

rtc::Schedule Cmos::schedule() const {
  const auto wanted = [this](std::uint8_t alarm_index, std::uint8_t index) -> std::optional<unsigned> {
    const std::uint8_t value = ram_[alarm_index];
    return value >= any_value ? std::nullopt : std::optional(decode(index, value));
  };
  return {.frequency = rtc::frequency_of(ram_[status_a]),
          .updates = !halted(),
          .alarm = {.hour = wanted(hours_alarm, hours),
                    .minute = wanted(minutes_alarm, minutes),
                    .second = wanted(seconds_alarm, seconds)}};
}

void Cmos::collect_events() {
  const Time time = now();
  events_ |= rtc::events_between(schedule(), collected_, time);
  collected_ = time;
}

// The line stays up until status C is read, and only then is there something to wait for.
void Cmos::drive_interrupt() {
  const std::uint8_t enabled = ram_[status_b] & rtc::all_events;
  const bool level = events_ & enabled;
  if (level != interrupting_) interrupt_(level);
  interrupting_ = level;
  set_timer();
}

void Cmos::set_timer() {
  const std::uint8_t enabled = ram_[status_b] & rtc::all_events;
  const auto next = interrupting_ || !enabled ? std::nullopt : rtc::next_event(schedule(), collected_, enabled);
  // Each event happens once a day at least; a state of another clock may be ages ahead.
  timer_.set(next ? std::optional(std::clamp<Time::duration>(*next - now(), {}, std::chrono::days(1))) : std::nullopt);
}

void Cmos::timer_expired() {
  const std::lock_guard lock(mutex_);
  collect_events();
  drive_interrupt();
}

std::uint8_t Cmos::read_index(std::uint8_t index) {
  const Time time = now();
  Fields fields = halted() ? set_ : fields_of(time);
  if (const unsigned* value = field(fields, index)) return encode(index, *value);
  if (index == status_a) {
    const auto to_update = std::chrono::ceil<std::chrono::seconds>(time) - time;
    const bool soon = to_update.count() > 0 && to_update <= update_warning;
    return static_cast<std::uint8_t>(ram_[status_a] | (soon && !halted() ? update_in_progress : 0));
  }
  if (index == status_c) {
    collect_events();
    const bool requested = events_ & ram_[status_b] & rtc::all_events;
    const std::uint8_t flags = events_ | (requested ? interrupt_request : 0);
    events_ = 0;
    drive_interrupt();
    return flags;
  }
  return ram_[index];
}

void Cmos::write_index(std::uint8_t index, std::uint8_t value) {
  Fields fields = halted() ? set_ : fields_of(now());
  if (unsigned* target = field(fields, index)) {
    if (index == century) {
      *target = *target % 100 + from_bcd(value) * 100;
    } else if (index == year) {
      *target = *target / 100 * 100 + decode(index, value) % 100;
    } else {
      *target = decode(index, value);
    }
    if (halted()) {
      set_ = fields;
    } else {
      commit(fields);
    }
    return;
  }
  switch (index) {
    case status_a:
      ram_[index] = value & static_cast<std::uint8_t>(~update_in_progress);
      break;
    case status_b:
      write_status_b(value);
      break;
    case status_c:
    case status_d:
      break;  // read-only
    default:
      ram_[index] = value;
  }
}

void Cmos::write_status_b(std::uint8_t value) {
  const bool was_halted = halted();
  ram_[status_b] = value & set_mode ? value & static_cast<std::uint8_t>(~rtc::update_ended) : value;
  if (halted() && !was_halted) set_ = fields_of(now());
  if (!halted() && was_halted) commit(set_);
}

// The index port is write-only on a PC; its bit 7 masks NMI and is not part of the index.
void Cmos::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  out[0] = offset == 0 ? 0xff : read_index(index_);
}

void Cmos::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  if (offset == 0) {
    index_ = bytes[0] & index_bits;
  } else {
    collect_events();
    write_index(index_, bytes[0]);
    collected_ = now();  // what the guest skips by setting the clock has not happened
    drive_interrupt();
  }
}

void Cmos::reset() {
  const std::lock_guard lock(mutex_);
  index_ = 0;
  ram_[status_b] &= static_cast<std::uint8_t>(~(rtc::all_events | square_wave));
  events_ = 0;
  collected_ = now();
  drive_interrupt();
}

}  // namespace gdbvm

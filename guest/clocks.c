// Reads its clocks before and after a place where a debugger may stop it for long, and prints how far each advanced.
#include "lib/port.h"
#include "lib/serial.h"

enum { kvm_system_time = 0x4b564d01, pm_timer_port = 0x608, pm_timer_hertz = 3579545, cmos_index = 0x70 };

static volatile struct {
  uint32_t version, pad0;
  uint64_t tsc_timestamp, system_time;
  uint32_t tsc_to_system_mul;
  int8_t tsc_shift;
  uint8_t flags, pad[2];
} kvmclock __attribute__((aligned(64)));

static uint64_t tsc(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (uint64_t)high << 32 | low;
}

// A difference of TSCs in nanoseconds, by kvmclock's own factors.
static uint64_t to_ns(uint64_t ticks) {
  ticks = kvmclock.tsc_shift < 0 ? ticks >> -kvmclock.tsc_shift : ticks << kvmclock.tsc_shift;
  return (uint64_t)((unsigned __int128)ticks * kvmclock.tsc_to_system_mul >> 32);
}

static uint64_t kvmclock_ns(void) {
  uint32_t version;
  uint64_t ns;
  do {
    version = kvmclock.version;
    ns = kvmclock.system_time + to_ns(tsc() - kvmclock.tsc_timestamp);
  } while (version & 1 || version != kvmclock.version);
  return ns;
}

static unsigned rtc_seconds(void) {
  out8(cmos_index, 0);
  const uint8_t bcd = in8(cmos_index + 1);
  return (bcd >> 4) * 10u + (bcd & 15);
}

void stop_here(void) {}

int kernel_main(void) {
  const uint64_t address = (uint64_t)&kvmclock | 1;
  __asm__ volatile("wrmsr" : : "c"(kvm_system_time), "a"((uint32_t)address), "d"((uint32_t)(address >> 32)));
  const uint64_t tsc_before = tsc(), ns_before = kvmclock_ns();
  const uint32_t timer_before = in32(pm_timer_port);
  const unsigned seconds_before = rtc_seconds();
  stop_here();
  const uint32_t timer = (in32(pm_timer_port) - timer_before) / (pm_timer_hertz / 1000);
  put_line("clocks: kvmclock ms", (kvmclock_ns() - ns_before) / 1000000);
  put_line("clocks: tsc ms", to_ns(tsc() - tsc_before) / 1000000);
  put_line("clocks: acpi timer ms", timer);
  put_line("clocks: rtc s", (rtc_seconds() + 60 - seconds_before) % 60);
  return 0;
}

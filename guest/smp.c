// Starts all other CPUs by INIT and SIPI; then each counts in its own slot, in a function that a debugger can stop.
#include "lib/paging.h"
#include "lib/serial.h"

enum { max_cpus = 64, lapic = 0xfee00000, lapic_id = lapic + 0x20, lapic_command = lapic + 0x300 };
enum { all_others = 3 << 18, init_assert = 0x4500, startup_at_0x8000 = 0x4608 };

extern uint8_t trampoline[], trampoline_end[];
extern uint32_t trampoline_cr3;

volatile unsigned cpus_online = 1;
volatile uint64_t counters[max_cpus];
volatile uint32_t apic_ids[max_cpus];
volatile uint64_t limit = ~0ull;  // of CPU 0's counter; a debugger may lower it to end the machine
uint8_t ap_stacks[(max_cpus + 1) * 4096] __attribute__((aligned(4096)));

static uint32_t lapic_read(uint64_t reg) { return *(volatile uint32_t*)reg; }
static void lapic_command_write(uint32_t command) {
  while (lapic_read(lapic_command) & 1 << 12) {  // delivery pending
  }
  *(volatile uint32_t*)lapic_command = command;
}

void per_cpu_work(int cpu) { counters[cpu]++; }

__attribute__((noreturn)) void ap_main(int cpu) {
  apic_ids[cpu] = lapic_read(lapic_id) >> 24;
  for (;;) per_cpu_work(cpu);
}

int kernel_main(void) {
  put_string("smp: started\n");
  paging_start(0);
  trampoline_cr3 = (uint32_t)(uint64_t)level4;
  for (int i = 0; i < trampoline_end - trampoline; i++) ((volatile uint8_t*)0x8000)[i] = trampoline[i];
  apic_ids[0] = lapic_read(lapic_id) >> 24;
  lapic_command_write(all_others | init_assert);
  lapic_command_write(all_others | startup_at_0x8000);
  while (counters[0] < limit) per_cpu_work(0);
  put_line("smp: cpus", cpus_online);
  return 0;
}

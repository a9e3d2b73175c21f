// Starts all other CPUs; then each counts in its own slot, in a function that a debugger can stop.
#include "lib/other_cpus.h"
#include "lib/serial.h"

volatile uint64_t counters[max_cpus];
volatile uint32_t apic_ids[max_cpus];
volatile uint64_t limit = ~0ull;  // of CPU 0's counter; a debugger may lower it to end the machine

void per_cpu_work(int cpu) { counters[cpu]++; }

__attribute__((noreturn)) void ap_main(int cpu) {
  apic_ids[cpu] = own_apic_id();
  for (;;) per_cpu_work(cpu);
}

int kernel_main(void) {
  put_string("smp: started\n");
  start_other_cpus();
  apic_ids[0] = own_apic_id();
  while (counters[0] < limit) per_cpu_work(0);
  put_line("smp: cpus", cpus_online);
  return 0;
}

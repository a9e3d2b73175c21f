// All CPUs do the same forever, with interrupts off: halt, or (FLOOD) write to the serial port.
#include "lib/other_cpus.h"
#include "lib/serial.h"

__attribute__((noreturn)) void ap_main(int cpu) {
  (void)cpu;
#ifdef FLOOD
  for (;;) out8(com1, '#');
#else
  for (;;) __asm__ volatile("hlt");
#endif
}

int kernel_main(void) {
  start_other_cpus();
  while (cpus_online < cpu_count()) {
  }
  ap_main(0);
}

// All CPUs run over one instruction as fast as they can, and count how often: the hits of a breakpoint there must
// add up to the same number.
#include "lib/other_cpus.h"
#include "lib/serial.h"

volatile uint64_t passes[max_cpus];  // over the instruction at storm_point
volatile uint64_t rounds = 1000;     // so many each; a debugger may change it
volatile unsigned finished;

__attribute__((noinline)) static void storm(int cpu) {
  while (passes[cpu] < rounds) __asm__ volatile(".globl storm_point\nstorm_point: incq %0" : "+m"(passes[cpu]));
  __sync_fetch_and_add(&finished, 1);
}

__attribute__((noreturn)) void ap_main(int cpu) {
  storm(cpu);
  for (;;) __asm__ volatile("cli; hlt");
}

void storm_over(uint64_t total) { put_line("storm: passes", total); }

int kernel_main(void) {
  start_other_cpus();
  storm(0);
  while (finished < cpu_count()) {
  }
  uint64_t total = 0;
  for (int cpu = 0; cpu < max_cpus; cpu++) total += passes[cpu];
  storm_over(total);
  return 0;
}

// Counts in memory until it reaches `limit`, which only a debugger lowers.
#include "lib/serial.h"

volatile unsigned long counter;
volatile unsigned long limit = ~0ul;

void count(void) { counter++; }

int kernel_main(void) {
  put_string("counter: started\n");
  while (counter < limit) count();
  put_string("counter: reached the limit\n");
  return 0;
}

// A loader: twice copies code to the address it was linked at, over whatever is there, and calls it.
#include "lib/serial.h"

extern unsigned char payload_begin[], payload_load[], payload_size[];  // symbols of the linker script

volatile unsigned payload_runs;

__attribute__((section(".payload"), noinline)) void payload_main(void) { payload_runs++; }

void copy_payload(void) {
  unsigned char* to = payload_begin;
  const unsigned char* from = payload_load;
  unsigned long count = (unsigned long)payload_size;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

void wipe_payload(void) {
  for (unsigned long i = 0; i < (unsigned long)payload_size; i++) payload_begin[i] = 0xf4;
}

int kernel_main(void) {
  put_string("selfcopy: started\n");
  for (int i = 0; i < 2; i++) {
    copy_payload();
    payload_main();
    wipe_payload();
  }
  put_line("selfcopy: payload ran", payload_runs);
  return payload_runs == 2 ? 0 : 1;
}

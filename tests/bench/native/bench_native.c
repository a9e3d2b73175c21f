// The guest bench.c as a process, for gdbserver.
#define kernel_main native_main
#include "guest/bench.c"

volatile unsigned char memory[64u << 20];

int main(void) {
  memory[0] = 1;
  return native_main();
}

// Prints a greeting on the serial port and ends the machine. Runs on the stack that gdbvm gave it.
#include "lib/exit.h"
#include "lib/serial.h"

#ifndef EXIT_VALUE
#define EXIT_VALUE 0
#endif

__attribute__((noreturn)) void _start(void) {
  put_string("Hello from the guest.\n");
  debug_exit(EXIT_VALUE);
}

// A higher-half kernel whose address is not mapped when the machine starts.
#include "lib/serial.h"

volatile unsigned entered;

int twice(int n) {
  int result = n * 2;
  return result;
}

int kernel_main(void) {
  entered++;
  put_line("paging_late: in the higher half", (unsigned long)twice(21));
  return entered == 1 ? 0 : 1;
}

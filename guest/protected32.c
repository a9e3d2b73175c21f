// 32-bit protected mode without paging, in which a 32-bit ELF is entered.
#include "lib/serial.h"

struct point {
  int x, y;
};

int add(int a, int b) {
  int sum = a + b;
  return sum;
}

int area(struct point* corner) {
  int product = corner->x * corner->y;
  return product;
}

int kernel_main(void) {
  struct point corner = {6, 7};
  put_string("protected32: started\n");
  put_line("protected32: sum", (unsigned long)add(40, 2));
  put_line("protected32: area", (unsigned long)area(&corner));
  return 3;
}

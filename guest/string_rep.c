// String instructions with rep prefixes, forwards and backwards; a step may be one iteration or all of them.
#include "lib/serial.h"

unsigned char from[32] = "abcdefghijklmnopqrstuvwxyz01234";
unsigned char to[32];

void move_forwards(void) {
  void *d = to, *s = from;
  unsigned long n = 16;
  __asm__ volatile("cld; rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}
void move_backwards(void) {
  void *d = to + 31, *s = from + 31;
  unsigned long n = 16;
  __asm__ volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}
unsigned long scan(unsigned char wanted) {
  void* d = to;
  unsigned long n = 32;
  __asm__ volatile("repne scasb" : "+D"(d), "+c"(n) : "a"(wanted) : "memory", "cc");
  return 31 - n;
}
unsigned long compare(void) {
  void *d = to, *s = from;
  unsigned long n = 32;
  __asm__ volatile("repe cmpsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory", "cc");
  return n;
}
void fill(void) {
  void* d = to;
  unsigned long n = 4;
  __asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(0x2a2a2a2a2a2a2a2a) : "memory");
}

int kernel_main(void) {
  put_string("string_rep: started\n");
  move_forwards();
  move_backwards();
  const unsigned long left = compare();
  const unsigned long where = scan('q');
  fill();
  put_line("string_rep: different", left);
  put_line("string_rep: found at", where);
  return left == 0 && where == 16 && to[0] == '*' && to[31] == '*' ? 0 : 1;
}

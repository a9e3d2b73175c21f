// Writes and reads memory in every way that a watchpoint must detect: sizes, strings, locks, pushes, page boundaries.
#include "lib/serial.h"

volatile uint8_t byte;
volatile uint16_t word;
volatile uint32_t dword;
volatile uint64_t qword, other;
volatile uint64_t locked = 1;
volatile uint64_t compared = 10;
volatile uint64_t read_only_value = 0x600d;
volatile uint64_t sink;
unsigned char source[64] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde";
unsigned char buffer[64];
unsigned char pages[2 * 4096] __attribute__((aligned(4096)));
uint64_t small_stack[64];

void write_sizes(void) {
  byte = 0x11;
  word = 0x2222;
  dword = 0x33333333;
  qword = 0x4444444444444444;
}
void write_same(void) { qword = qword; }
void write_neighbour(void) { other = 1; }
void write_strings(void) {
  void *to = buffer, *from = source;
  unsigned long count = sizeof buffer;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
  to = buffer;
  count = sizeof buffer / 8;
  __asm__ volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(0x5555555555555555) : "memory");
}
void write_locked(void) {
  uint64_t addend = 5, expected = 10;
  __asm__ volatile("lock xadd %0, %1" : "+r"(addend), "+m"(locked));
  __asm__ volatile("lock cmpxchg %2, %1" : "+a"(expected), "+m"(compared) : "r"((uint64_t)20));
}
void write_push(void) {
  __asm__ volatile("mov %%rsp, %%rcx; mov %0, %%rsp; push $0x77; mov %%rcx, %%rsp"
                   :
                   : "r"(&small_stack[64])
                   : "rcx", "memory");
}
void write_across_pages(void) {
  __asm__ volatile("movq %1, %0" : "=m"(pages[4092]) : "r"(0x8877665544332211) : "memory");
}
void read_value(void) { sink = read_only_value; }

int kernel_main(void) {
  put_string("watch: started\n");
  write_sizes();
  write_same();
  write_neighbour();
  write_strings();
  write_locked();
  write_push();
  write_across_pages();
  read_value();
  put_string("watch: done\n");
  return locked == 6 && compared == 20 && small_stack[63] == 0x77 && pages[4096] == 0x55 ? 0 : 1;
}

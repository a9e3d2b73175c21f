// Printing to the first serial port, COM1 at 0x3f8.
#pragma once
#include "lib/port.h"

enum { com1 = 0x3f8, com1_line_status = com1 + 5, data_ready = 1 << 0, transmitter_empty = 1 << 5 };

static inline void put_char(char c) {
  while (!(in8(com1_line_status) & transmitter_empty)) {
  }
  out8(com1, (uint8_t)c);
}
static inline void put_string(const char* text) {
  for (; *text; text++) put_char(*text);
}
static inline void put_unsigned(unsigned long value) {
  char digits[20];
  int n = 0;
  do {
    digits[n++] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  while (n) put_char(digits[--n]);
}
static inline void put_hex(unsigned long value) {
  put_string("0x");
  int shift = sizeof value * 8 - 4;
  while (shift && !(value >> shift & 15)) shift -= 4;
  for (; shift >= 0; shift -= 4) put_char("0123456789abcdef"[value >> shift & 15]);
}
static inline void put_line(const char* label, unsigned long value) {
  put_string(label);
  put_char(' ');
  put_unsigned(value);
  put_char('\n');
}

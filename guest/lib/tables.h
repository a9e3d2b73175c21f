// What is needed to read the tables that firmware leaves in memory.
#pragma once
#include <stdint.h>

typedef const volatile uint8_t* bytes;

static inline uint64_t number(bytes at, int size) {
  uint64_t value = 0;
  while (size--) value = value << 8 | at[size];
  return value;
}
static inline int is(bytes at, const char* text) {
  while (*text)
    if (*at++ != (uint8_t)*text++) return 0;
  return 1;
}
static inline uint8_t sum(bytes at, uint64_t length) {
  uint8_t total = 0;
  while (length--) total = (uint8_t)(total + *at++);
  return total;
}

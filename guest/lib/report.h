// How the guests for the boot protocols print what they got from the loader.
#pragma once
#include "lib/serial.h"

static inline void report_text(const char* label, const char* text) {
  put_string(label);
  put_string(": ");
  put_string(text);
  put_char('\n');
}
// Printable bytes of a module, up to the end of its first line.
static inline void report_bytes(const char* label, const char* bytes, unsigned long size) {
  put_string(label);
  put_string(": ");
  for (unsigned long i = 0; i < size && bytes[i] != '\n'; i++) put_char(bytes[i]);
  put_char('\n');
}
static inline int has_acpi(const char* root) { return root && root[0] == 'R' && root[1] == 'S' && root[7] == ' '; }

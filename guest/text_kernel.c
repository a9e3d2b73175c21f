// A kernel as courses write them: GRUB starts it, it writes to the display's memory and asks the keyboard until a key
// is there. Ends with value 0 at Enter.
#include "lib/port.h"

enum { columns = 80, rows = 25, data = 0x60, status = 0x64, full = 1, enter = 0x1c };

static const char letters[] = "??1234567890-=\b\tqwertyuiop[]\n?asdfghjkl;'`?\\zxcvbnm,./??? ";
static volatile uint16_t* const cells = (volatile uint16_t*)0xb8000;
unsigned cursor;

void print(const char* text, uint8_t attribute) {
  for (; *text; text++) {
    if (*text == '\n') {
      cursor += columns - cursor % columns;
    } else {
      cells[cursor++] = (uint16_t)(attribute << 8 | (uint8_t)*text);
    }
  }
}

uint8_t key(void) {
  while (!(in8(status) & full)) {
  }
  return in8(data);
}

int kernel_main(uint32_t magic) {
  for (unsigned i = 0; i < rows * columns; i++) cells[i] = 0x0720;
  print(magic == 0x2badb002 ? "kernel: started by GRUB\n" : "kernel: started by something else\n", 0x2f);
  print("kernel: type> ", 0x07);
  while (in8(status) & full) in8(data);
  for (uint8_t code = key(); code != enter; code = key()) {
    const char text[] = {code < sizeof letters - 1 ? letters[code] : 0, 0};
    print(text, 0x0e);
  }
  print("\nkernel: done\n", 0x07);
  return 0;
}

// Text on the screen, scrolled by the memory and then by the start address, with colours and the cursor.
#include "lib/serial.h"

enum { columns = 80, rows = 25, crtc = 0x3d4, input_status = 0x3da, retrace = 8 };

static volatile uint16_t* const cells = (volatile uint16_t*)0xb8000;
static unsigned row, column;

static void crtc_write(uint8_t index, uint8_t value) { out16(crtc, (uint16_t)(value << 8 | index)); }
static uint8_t crtc_read(uint8_t index) {
  out8(crtc, index);
  return in8(crtc + 1);
}
static void scroll(void) {
  for (unsigned i = 0; i < (rows - 1) * columns; i++) cells[i] = cells[i + columns];
  for (unsigned i = (rows - 1) * columns; i < rows * columns; i++) cells[i] = 0x0720;
  row--;
}
void print(const char* text, uint8_t attribute) {
  for (; *text; text++) {
    if (*text == '\n') {
      column = 0;
      if (++row == rows) scroll();
    } else {
      cells[row * columns + column++] = (uint16_t)(attribute << 8 | (uint8_t)*text);
    }
  }
  const unsigned at = row * columns + column;
  crtc_write(0x0e, (uint8_t)(at >> 8));
  crtc_write(0x0f, (uint8_t)at);
}

void printed(void) { __asm__ volatile("nop"); }
void scrolled(void) { __asm__ volatile("nop"); }

int kernel_main(void) {
  for (int i = 0; i < rows; i++) print("scrolled away\n", 0x07);
  for (int i = 0; i < rows; i++) print("\n", 0x07);
  row = column = 0;
  print("screen: plain\nscreen: ", 0x07);
  print("red on blue", 0x14);
  print("\n\xcd\xcd screen: double line \xcd\xcd\n", 0x0f);
  printed();
  crtc_write(0x0d, columns);  // the first row is above the screen now
  put_line("screen: cursor", (unsigned)crtc_read(0x0e) << 8 | crtc_read(0x0f));
  scrolled();
  for (int i = 0; i < 3; i++) {
    while (in8(input_status) & retrace) {
    }
    while (!(in8(input_status) & retrace)) {
    }
  }
  put_string("screen: three retraces\n");
  return 0;
}

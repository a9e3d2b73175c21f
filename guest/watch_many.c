// Twenty objects of many sizes, each written, read or both by its own function; ten functions for breakpoints.
#include "lib/serial.h"

#define BYTES(n)         \
  struct bytes##n {      \
    unsigned char at[n]; \
  }
BYTES(3);
BYTES(5);
BYTES(12);
BYTES(24);
BYTES(40);
BYTES(64);
BYTES(100);

volatile uint8_t one;
volatile uint16_t two;
volatile uint32_t four;
volatile uint64_t eight;
volatile struct bytes3 three;
volatile struct bytes5 five;
volatile struct bytes12 twelve;
volatile struct bytes24 twenty_four;
volatile struct bytes40 forty;
volatile struct bytes64 sixty_four;
volatile struct bytes100 hundred;
volatile uint64_t read_eight = 8;
volatile uint32_t read_four = 4;
volatile uint8_t read_one = 1;
volatile struct bytes12 read_twelve;
volatile uint64_t either_eight;
volatile uint16_t either_two;
volatile struct bytes24 either_twenty_four;
volatile uint64_t sink;
// The last two cross a page boundary, at odd addresses.
unsigned char page_pair[2 * 4096] __attribute__((aligned(4096)));
unsigned char pages[2 * 4096] __attribute__((aligned(4096)));

#define FUNCTION(n, statement) \
  void function_##n(void) { statement; }
FUNCTION(1, one = 1; two = 2)
FUNCTION(2, four = 4; eight = 8)
FUNCTION(3, three.at[2] = 3; five.at[0] = 5)
FUNCTION(4, twelve.at[11] = 12; twenty_four.at[7] = 24)
FUNCTION(5, forty.at[39] = 40; sixty_four.at[63] = 64)
FUNCTION(6, hundred.at[50] = 100)
FUNCTION(7, sink = read_eight; sink = read_four)
FUNCTION(8, sink = read_one; sink = read_twelve.at[5])
FUNCTION(9, either_eight = 1; sink = either_two; either_twenty_four.at[23] = 1)
FUNCTION(10, *(volatile uint64_t*)(page_pair + 4093) = 0x1122334455667788; sink = *(volatile uint32_t*)(pages + 4095))

int kernel_main(void) {
  put_string("watch_many: started\n");
  function_1();
  function_2();
  function_3();
  function_4();
  function_5();
  function_6();
  function_7();
  function_8();
  function_9();
  function_10();
  put_string("watch_many: done\n");
  return page_pair[4096] == 0x55 && eight == 8 ? 0 : 1;
}

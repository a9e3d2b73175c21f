// A disk at the first IDE cable: identified, read and written through the data port, and read by DMA. It waits for no
// interrupt: the drive's status says when it is done.
#include "lib/serial.h"

enum { base = 0x1f0, error = 1, sector_count, lba_low, lba_mid, lba_high, device, status, command = status };
enum { busy = 0x80, requests_data = 0x08, failed = 0x01 };
enum { read_sectors = 0x20, write_sectors = 0x30, read_dma = 0xc8, flush = 0xe7, identify = 0xec };
enum { master_command = 0, master_status = 2, master_table = 4, start = 1, to_memory = 8, interrupt = 4 };

uint16_t sector[256];
static struct {
  uint32_t address, size_and_end;
} table[1] __attribute__((aligned(8)));

static unsigned wait(void) {
  unsigned now;
  do now = in8(base + status);
  while (now & busy);
  return now;
}

unsigned ide_command(uint8_t what, uint32_t block) {
  out8(base + sector_count, 1);
  out8(base + lba_low, (uint8_t)block);
  out8(base + lba_mid, (uint8_t)(block >> 8));
  out8(base + lba_high, (uint8_t)(block >> 16));
  out8(base + device, (uint8_t)(0xe0 | block >> 24));
  out8(base + command, what);
  return wait();
}

static void read_words(void) {
  for (int i = 0; i < 256; i++) sector[i] = in16(base);
}

static uint32_t pci(uint32_t where) {
  out32(0xcf8, 0x80000900 | where);
  return in32(0xcfc);
}

// The status of the bus master afterwards.
unsigned ide_dma(uint32_t block) {
  const uint16_t master = pci(0x20) & 0xfffc;
  table[0].address = (uint32_t)(uintptr_t)sector;
  table[0].size_and_end = sizeof sector | 1u << 31;
  out32(master + master_table, (uint32_t)(uintptr_t)table);
  out8(master + master_command, to_memory);
  ide_command(read_dma, block);
  out8(master + master_command, start | to_memory);
  while (!(in8(master + master_status) & interrupt)) {
  }
  wait();
  const unsigned result = in8(master + master_status);
  out8(master + master_command, 0);
  out8(master + master_status, interrupt);
  return result;
}

static void show(const char* what) {
  put_string(what);
  const char* text = (const char*)sector;
  for (int i = 0; text[i] && text[i] != '\n'; i++) put_char(text[i]);
  put_char('\n');
}

int kernel_main(void) {
  put_string("ide: function ");
  put_hex(pci(0));
  put_char('\n');
  if (ide_command(identify, 0) & failed) return 1;
  read_words();
  const uint32_t sectors = sector[60] | (uint32_t)sector[61] << 16;
  put_line("ide: sectors", sectors);
  ide_command(read_sectors, 0);
  read_words();
  show("ide: read ");
  const char text[] = "written by the guest\n";
  for (unsigned i = 0; i < sizeof text; i++) ((char*)sector)[i] = text[i];
  put_line("ide: write with status", ide_command(write_sectors, 1));
  for (int i = 0; i < 256; i++) out16(base, sector[i]);
  put_line("ide: written with status", wait());
  ide_command(flush, 0);
  sector[0] = 0;
  put_line("ide: DMA with status", ide_dma(1));
  show("ide: read by DMA: ");
  put_line("ide: beyond the end, status", ide_command(read_sectors, sectors));
  put_line("ide: error", in8(base + error));
  return 0;
}

// Reads the first sector of a virtio disk, writes the second, and requests one beyond the end.
#include "lib/serial.h"
#include "lib/virtio_disk.h"

static const char text[] = "written by the guest\n";

void show(void) {
  for (int i = 0; sector[i]; i++) put_char(sector[i]);
}

int kernel_main(void) {
  if (disk_start() != 0) return 1;
  const uint32_t sectors = *disk(0x100);
  put_line("disk: sectors", sectors);
  put_line("disk: read with status", (unsigned)disk_transfer(read_sector, 0));
  show();
  for (unsigned i = 0; i < sizeof text; i++) sector[i] = text[i];
  put_line("disk: written with status", (unsigned)disk_transfer(write_sector, 1));
  put_line("disk: beyond the end, status", (unsigned)disk_transfer(read_sector, sectors));
  put_line("disk: interrupts", disk_interrupts);
  return 0;
}

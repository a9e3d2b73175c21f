// The machine's first virtio device, a disk, by its registers in memory: one request at a time, completed by an
// interrupt on the I/O APIC's pin 16.
#pragma once
#include "lib/idt.h"
#include "lib/paging.h"

enum { read_sector = 0, write_sector = 1 };
enum { queue_size = 4, disk_vector = 0x50, disk_pin = 16, has_next = 1, device_writes = 2 };
enum { level_triggered = 1 << 15 };
enum { acknowledged = 1, has_driver = 2, driver_ok = 4, features_ok = 8 };

struct descriptor {
  uint64_t address;
  uint32_t size;
  uint16_t flags, next;
};
static volatile struct descriptor descriptors[queue_size] __attribute__((aligned(16)));
static volatile struct {
  uint16_t flags, index, ring[queue_size], event;
} available;
static volatile struct {
  uint16_t flags, index;
  uint32_t ring[queue_size][2];
} used __attribute__((aligned(4)));
static volatile struct {
  uint32_t type, reserved;
  uint64_t sector;
} header;
static volatile uint8_t disk_status;
volatile char sector[512];
volatile unsigned disk_interrupts;

static inline volatile uint32_t* at(uint64_t address) { return (volatile uint32_t*)address; }
static inline volatile uint32_t* disk(unsigned offset) { return at(0xd0000000 + offset); }

__attribute__((interrupt)) static void on_disk(struct interrupt_frame* frame) {
  (void)frame;
  disk_interrupts++;
  *disk(0x64) = *disk(0x60);
  *at(0xfee000b0) = 0;  // end of interrupt
}

static inline void io_apic_write(uint32_t index, uint32_t value) {
  *at(0xfec00000) = index;
  *at(0xfec00010) = value;
}
static inline void disk_set_address(unsigned offset, const volatile void* part) {
  *disk(offset) = (uint32_t)(uint64_t)part;
  *disk(offset + 4) = (uint32_t)((uint64_t)part >> 32);
}

// Not 0: the disk does not accept the driver or its queue.
static inline int disk_start(void) {
  paging_start(0);
  idt_set(disk_vector, on_disk, gate_interrupt);
  idt_load();
  *at(0xfee000f0) = 0x1ff;  // the local APIC answers
  io_apic_write(0x10 + 2 * disk_pin + 1, 0);
  io_apic_write(0x10 + 2 * disk_pin, disk_vector | level_triggered);
  *disk(0x70) = 0;  // reset
  *disk(0x70) = acknowledged | has_driver;
  *disk(0x24) = 1, *disk(0x20) = 1;  // VIRTIO_F_VERSION_1
  *disk(0x70) = acknowledged | has_driver | features_ok;
  if (!(*disk(0x70) & features_ok)) return 1;
  *disk(0x38) = queue_size;
  disk_set_address(0x80, descriptors), disk_set_address(0x90, &available), disk_set_address(0xa0, &used);
  *disk(0x44) = 1;
  if (!*disk(0x44)) return 1;
  *disk(0x70) = acknowledged | has_driver | features_ok | driver_ok;
  return 0;
}

static inline void disk_notify(void) { *disk(0x50) = 0; }

// Reads or writes `sector`; returns the device's status. Every entry of the ring is descriptor 0.
static inline int disk_transfer(uint32_t type, uint64_t number) {
  const unsigned before = disk_interrupts;
  header.type = type, header.sector = number, disk_status = 0xff;
  descriptors[0] = (struct descriptor){(uint64_t)&header, sizeof header, has_next, 1};
  descriptors[1] =
      (struct descriptor){(uint64_t)sector, sizeof sector, has_next | (type == read_sector ? device_writes : 0), 2};
  descriptors[2] = (struct descriptor){(uint64_t)&disk_status, 1, device_writes, 0};
  available.index++;
  disk_notify();
  while (disk_interrupts == before) __asm__ volatile("sti; hlt; cli");
  return disk_status;
}

// Makes Bochs's timer chip send the CPU a non-maskable interrupt a hundred times a second.
//
// Bochs 2.7 ignores the VM-execution control "external-interrupt exiting" when it enters a guest: as long as the
// guest's interrupt flag is clear, and was clear at the entry, no external interrupt gets through, and a guest that
// spins with interrupts off has the machine to itself forever. NMIs do get through; each causes an exit, and Linux then
// handles the interrupts that have been waiting. Linux uses the local APIC's timer itself and leaves this chip alone.
// Needs iomem=relaxed on the kernel's command line.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/io.h>
#include <sys/mman.h>

enum { io_apic = 0xfec00000, index_register = 0x00, window = 0x10 };  // 82093AA data sheet, 3.1
enum { deliver_nmi = 4 << 8, pins_of_timer = 3 };                     // 3.2.4; pin 0 or, as PCs are wired, 2
enum { pit_hertz = 1193182, rate = 100 };

int main(void) {
  int memory = open("/dev/mem", O_RDWR | O_SYNC);
  volatile uint32_t* registers = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, io_apic);
  if (registers == MAP_FAILED || iopl(3) != 0) {
    perror("nmi_clock");
    return 1;
  }
  for (uint32_t pin = 0; pin < pins_of_timer; pin += 2) {
    registers[index_register / 4] = 0x10 + 2 * pin + 1;
    registers[window / 4] = 0;  // to the CPU whose APIC is number 0
    registers[index_register / 4] = 0x10 + 2 * pin;
    registers[window / 4] = deliver_nmi;
  }
  outb(0x34, 0x43);  // 8254: counter 0, low and high byte, mode 2
  outb(pit_hertz / rate & 0xff, 0x40);
  outb(pit_hertz / rate >> 8, 0x40);
  return 0;
}

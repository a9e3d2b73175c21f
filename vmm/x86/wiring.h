// The PC's wiring: ports and interrupt lines that firmware tables announce and devices answer at.
#pragma once

#include <cstdint>

namespace gdbvm::x86::wiring {

inline constexpr std::uint16_t com1_port = 0x3f8, com2_port = 0x2f8, com_ports = 8;
inline constexpr unsigned com1_irq = 4, com2_irq = 3;

// The 8042 with its keyboard and its mouse.
inline constexpr std::uint16_t keyboard_data_port = 0x60, keyboard_command_port = 0x64;
inline constexpr unsigned keyboard_irq = 1, mouse_irq = 12;

inline constexpr std::uint16_t rtc_port = 0x70, rtc_ports = 2;
inline constexpr unsigned rtc_irq = 8;
inline constexpr std::uint8_t rtc_century = 0x32;  // the clock's register for it, in BCD

// Reset control register (0xcf9): this value resets.
inline constexpr std::uint16_t reset_control_port = 0xcf9;
inline constexpr std::uint8_t reset_control_value = 6;

// PCI's configuration mechanism 1, and where functions have their memory.
inline constexpr std::uint16_t pci_port = 0xcf8, pci_ports = 8;
inline constexpr std::uint32_t pci_memory = 0xe0000000, pci_memory_last = 0xfebfffff;

// ACPI's fixed hardware (ACPI 6.4, 4.8.3): offsets from its first port.
inline constexpr std::uint16_t power_management_port = 0x600, power_management_ports = 12;
inline constexpr std::uint16_t pm1_status = 0, pm1_enable = 2, pm1_control = 4, pm_timer = 8;
inline constexpr unsigned system_control_irq = 9;
inline constexpr std::uint8_t sleep_enable = 0x20;  // SLP_EN, in the upper byte of PM1 control
inline constexpr std::uint8_t soft_off_type = 5;    // SLP_TYP of state S5

// The two 8259As; the second one's output is line pic_cascade of the first. Edge/level control: a byte for each.
inline constexpr std::uint16_t pic_port = 0x20, slave_pic_port = 0xa0, pic_ports = 2, edge_level_port = 0x4d0,
                               edge_level_ports = 2;
inline constexpr unsigned pic_cascade = 2;

// The 8254: channel 0 is the timer interrupt, channel 2 the speaker's tone, gated by system control port B.
inline constexpr std::uint16_t pit_port = 0x40, pit_ports = 4, system_control_b_port = 0x61;
inline constexpr unsigned pit_irq = 0;

// No PC's: what stands for a BIOS where there is none reports calls here.
inline constexpr std::uint16_t missing_bios_port = 0xea;

// Interrupt controllers, as KVM places them. Line n of the PICs is also pin n of the I/O APIC.
inline constexpr std::uint32_t local_apic = 0xfee00000, io_apic = 0xfec00000;

// virtio-mmio, which ACPI alone announces: device n has a window in memory, and the I/O APIC's pin virtio_irq + n. As
// many as there are pins without an ISA interrupt.
inline constexpr std::uint32_t virtio_window = 0xd0000000, virtio_window_size = 0x200;
inline constexpr unsigned virtio_irq = 16, virtio_most = 8;

}  // namespace gdbvm::x86::wiring

// Where things live in the guest's low memory at boot, and the physical ranges that KVM keeps for itself.
#pragma once

#include <cstdint>

namespace gdbvm::x86::layout {

// 0x000-0x3ff is the real-mode IVT: zero but for BIOS services (boot/missing_bios.h).
inline constexpr std::uint64_t bios_data = 0x400;
inline constexpr std::uint64_t gdt = 0x500;  // boot GDT, see gdt_entries below
inline constexpr std::uint64_t tss = 0x580;  // 104 bytes of zeros: a task register needs something to point at
inline constexpr std::uint64_t tss_limit = 0x67;

// Selectors of the boot GDT. Code and data sit where the Linux boot protocol expects __BOOT_CS and __BOOT_DS, unless a
// 32-bit entry has them where QEMU's -kernel does (boot/cpu_entry.h).
inline constexpr std::uint16_t first_selector = 0x08;  // 32-bit code
inline constexpr std::uint16_t code_selector = 0x10;
inline constexpr std::uint16_t data_selector = 0x18;
inline constexpr std::uint16_t tss_selector = 0x20;  // two entries in long mode
inline constexpr unsigned gdt_entries = 6;
inline constexpr std::uint16_t gdt_limit = gdt_entries * 8 - 1;

inline constexpr std::uint64_t boot_info = 0x6000;    // zero page, PVH or multiboot structures: one page
inline constexpr std::uint64_t boot_sector = 0x7c00;  // where a BIOS puts sector 0
inline constexpr std::uint64_t stack_bottom = 0x8000;
inline constexpr std::uint64_t stack_top = 0x10000;  // initial rsp/esp, exclusive end of the stack, 16-byte aligned

// Boot page tables: the root table first, the others after it as they are needed.
inline constexpr std::uint64_t page_tables = 0x10000;
inline constexpr std::uint64_t page_tables_end = 0x90000;

inline constexpr std::uint64_t command_line = 0x90000;
inline constexpr std::uint64_t command_line_end = 0x92000;
inline constexpr std::uint64_t extended_bios_data = 0x9fc00;  // end of conventional memory
inline constexpr std::uint64_t display_window = 0xa0000;      // where a PC has its display adapter
inline constexpr std::uint64_t option_roms = 0xc0000;
inline constexpr std::uint64_t display_text = 0xb8000;
// Where kernels look for a BIOS and, every 16 bytes, for ACPI's root pointer. Its tables are all here.
inline constexpr std::uint64_t firmware_tables = 0xe0000;
inline constexpr std::uint64_t firmware_tables_end = 0xf0000;
// Where kernels look, every 16 bytes, for the MultiProcessor Specification's floating pointer.
inline constexpr std::uint64_t mp_table = 0xf0000;
inline constexpr std::uint64_t missing_bios = 0xfff53;  // where BIOSes have the handler for what they do not handle
inline constexpr std::uint64_t high_memory = 0x100000;  // where kernels load

// The display's linear framebuffer, in the hole below 4 GiB: where firmware puts it, as it is the only one there.
inline constexpr std::uint64_t framebuffer = 0xfd000000, framebuffer_size = 0x1000000;

// Ranges that KVM on Intel uses for real-mode emulation, in the hole below 4 GiB (KVM_SET_IDENTITY_MAP_ADDR: one page,
// KVM_SET_TSS_ADDR: three pages). Below the 16 MiB that a firmware may fill.
inline constexpr std::uint64_t kvm_identity_map = 0xfeffc000;
// A page that has a memory slot for moments in which no CPU runs.
inline constexpr std::uint64_t kvm_spare = 0xfeffb000;
inline constexpr std::uint64_t kvm_tss = 0xfeffd000;
inline constexpr std::uint64_t kvm_tss_end = 0xff000000;
inline constexpr std::uint64_t firmware_start = 0xff000000, firmware_end = 0x100000000;

static_assert(gdt + gdt_limit < tss && tss + tss_limit < boot_info);

}  // namespace gdbvm::x86::layout

// The structures of the Linux boot protocol (Documentation/arch/x86/boot.rst and zero-page.rst), as far as it is used.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gdbvm::boot::linux_protocol {

// From offset 0x1f1 of a kernel image; the same place in the zero page.
inline constexpr std::uint64_t header_offset = 0x1f1;
struct [[gnu::packed]] SetupHeader {
  std::uint8_t setup_sectors{};
  std::uint16_t root_flags{};
  std::uint32_t code_paragraphs{};  // syssize: the protected-mode code in units of 16 bytes
  std::uint16_t ram_size{}, video_mode{}, root_device{}, boot_flag{};
  std::uint8_t jump[2]{};  // the second byte tells where the header ends: that many bytes after 0x202
  std::uint32_t magic{};   // "HdrS"
  std::uint16_t version{};
  std::uint32_t real_mode_switch{};
  std::uint16_t start_segment{}, kernel_version{};
  std::uint8_t loader_type{}, load_flags{};
  std::uint16_t setup_move_size{};
  std::uint32_t code32_start{}, ramdisk_image{}, ramdisk_size{}, boot_sector_kludge{};
  std::uint16_t heap_end{};
  std::uint8_t extended_loader_version{}, extended_loader_type{};
  std::uint32_t command_line{}, initrd_last{}, kernel_alignment{};
  std::uint8_t relocatable{}, min_alignment{};
  std::uint16_t extended_load_flags{};
  std::uint32_t command_line_size{}, hardware_subarch{};
  std::uint64_t hardware_subarch_data{};
  std::uint32_t payload_offset{}, payload_length{};
  std::uint64_t setup_data{}, preferred_address{};
  std::uint32_t init_size{}, handover_offset{}, kernel_info_offset{};
};
inline constexpr std::uint16_t boot_flag = 0xaa55;
inline constexpr std::uint32_t magic = 0x53726448;
inline constexpr std::uint8_t loaded_high = 1;           // load_flags: the code goes to 1 MiB or above
inline constexpr std::uint16_t has_64bit_entry = 1;      // extended_load_flags
inline constexpr std::uint8_t unassigned_loader = 0xff;  // loader_type
inline constexpr std::uint64_t entry64 = 0x200;          // from the start of the protected-mode code

struct [[gnu::packed]] E820Entry {
  std::uint64_t start{}, size{};
  std::uint32_t kind{};
};

// The display as a BIOS leaves it: mode 3 of a VGA, 80 columns and 25 rows of 16 lines. Without it Linux has no console
// on the screen.
struct [[gnu::packed]] ScreenInfo {
  std::uint8_t column{}, row{};
  std::uint16_t extended_memory_kib{}, page{};
  std::uint8_t mode = 3, columns = 80;
  std::uint8_t flags{}, unused1{};
  std::uint16_t ega_bx{}, unused2{};
  std::uint8_t rows = 25, is_vga = 1;
  std::uint16_t character_lines = 16;
  std::uint8_t unused3[0x40 - 0x12]{};
};

// struct boot_params.
struct [[gnu::packed]] ZeroPage {
  ScreenInfo screen_info{};
  std::uint8_t unused0[0x70 - sizeof(ScreenInfo)]{};
  std::uint64_t acpi_root_pointer{};
  std::uint8_t unused1[0x1e8 - 0x78]{};
  std::uint8_t e820_entries{};
  std::uint8_t unused2[header_offset - 0x1e9]{};
  SetupHeader header{};
  std::uint8_t unused3[0x2d0 - header_offset - sizeof(SetupHeader)]{};
  E820Entry e820[128]{};
  std::uint8_t unused4[0x1000 - 0x2d0 - 128 * 20]{};
};

static_assert(offsetof(SetupHeader, magic) == 0x202 - header_offset);
static_assert(offsetof(SetupHeader, code32_start) == 0x214 - header_offset);
static_assert(offsetof(SetupHeader, command_line) == 0x228 - header_offset);
static_assert(offsetof(SetupHeader, command_line_size) == 0x238 - header_offset);
static_assert(offsetof(SetupHeader, preferred_address) == 0x258 - header_offset);
static_assert(sizeof(SetupHeader) == 0x26c - header_offset);
static_assert(offsetof(ZeroPage, header) == header_offset && offsetof(ZeroPage, e820) == 0x2d0);
static_assert(sizeof(ScreenInfo) == 0x40 && offsetof(ScreenInfo, rows) == 0x0e);
static_assert(offsetof(ZeroPage, acpi_root_pointer) == 0x70);
static_assert(sizeof(ZeroPage) == 4096);

}  // namespace gdbvm::boot::linux_protocol

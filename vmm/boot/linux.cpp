// The setup header checked, the zero page filled in, the kernel and its initrd placed.
#include "vmm/boot/linux.h"

#include <algorithm>
#include <cstring>

#include "vmm/boot/cpu_entry.h"
#include "vmm/boot/elf_boot.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/linux_layouts.h"
#include "vmm/boot/little_endian.h"
#include "vmm/boot/memory_map.h"
#include "vmm/boot/modules.h"
#include "vmm/boot/page_tables.h"
#include "vmm/x86/layout.h"

namespace gdbvm::boot {

namespace {

using namespace linux_protocol;
using Checked = std::expected<void, ImageError>;
constexpr std::uint64_t sector = 512;

std::unexpected<ImageError> bad(const LoadOptions& options, const std::string& why) {
  return std::unexpected(options.name + " " + why);
}

// The header as far as the image's protocol version has it; the rest is zero.
std::expected<SetupHeader, ImageError> read_header(std::span<const std::uint8_t> image, const LoadOptions& options) {
  constexpr std::uint64_t jump_target_base = 0x202;
  const auto offset = load<std::uint8_t>(image, jump_target_base - 1);
  const auto found = load<std::uint32_t>(image, jump_target_base);
  if (!offset || found != magic) return bad(options, "is not a Linux kernel image: it has no setup header");
  const std::uint64_t end = jump_target_base + *offset;
  if (end > image.size()) return bad(options, "is truncated: its setup header is not complete");
  SetupHeader header;
  std::memcpy(&header, image.data() + header_offset, std::min(end - header_offset, std::uint64_t{sizeof header}));
  if (header.version < 0x0206) {
    return bad(options, fmt::format("speaks Linux boot protocol {}.{:02}; 2.06 or newer is needed", header.version >> 8,
                                    header.version & 0xff));
  }
  if (!(header.load_flags & loaded_high)) return bad(options, "is a zImage, which loads below 1 MiB: use a bzImage");
  return header;
}

// All code after the setup sectors.
std::expected<std::span<const std::uint8_t>, ImageError> code_of(std::span<const std::uint8_t> image,
                                                                 const SetupHeader& header,
                                                                 const LoadOptions& options) {
  constexpr unsigned paragraph = 16, default_setup_sectors = 4;
  const unsigned setup_sectors = header.setup_sectors ? header.setup_sectors : default_setup_sectors;
  const std::uint64_t setup_size = (setup_sectors + 1) * sector;
  const std::uint64_t wanted = std::uint64_t{header.code_paragraphs} * paragraph;  // rounded up
  const std::uint64_t there = image.size() - std::min<std::uint64_t>(setup_size, image.size());
  if (there == 0 || there + paragraph <= wanted) {
    return bad(options, fmt::format("is truncated: its setup header promises {} bytes of code, and there are {}",
                                    wanted, there));
  }
  return image.subspan(setup_size);
}

// Where the code goes; it and what it needs to unpack itself are reserved.
std::expected<Gpa, ImageError> place_code(const SetupHeader& header, std::uint64_t code_size, RamPlan& ram,
                                          const LoadOptions& options) {
  const bool has_preference = header.version >= 0x020a;
  const std::uint64_t needed = std::max<std::uint64_t>(code_size, has_preference ? header.init_size : 0);
  const std::uint64_t preferred = has_preference ? header.preferred_address : std::uint64_t{header.code32_start};
  const auto no_room = [&] {
    return bad(options,
               fmt::format("does not fit the guest's memory: it needs {} bytes from {:#x} on", needed, preferred));
  };
  if (!header.relocatable) {
    // Loaded at code32_start, it moves itself to the preferred address.
    if (!ram.take({header.code32_start}, code_size) || !ram.is_ram({preferred}, needed)) return no_room();
    ram.reserve({preferred}, needed);
    return Gpa{header.code32_start};
  }
  if (preferred >= x86::layout::high_memory && ram.take({preferred}, needed)) return Gpa{preferred};
  const std::uint64_t align = std::max<std::uint64_t>(header.kernel_alignment, page_size);
  if ((align & (align - 1)) != 0) return bad(options, "is damaged: its alignment is not a power of two");
  RamPlan high = ram;
  high.reserve({0}, x86::layout::high_memory);
  const auto elsewhere = high.find(needed, align, {align}, four_gib);
  if (!elsewhere || !ram.take(*elsewhere, needed)) return no_room();
  return *elsewhere;
}

// All that the kernel is told, with general.rsi pointing to it. `header` holds what the image says already.
Checked place_zero_page(BootPlan& plan, RamPlan& ram, SetupHeader header, std::uint64_t ram_size,
                        const LoadOptions& options) {
  const std::uint32_t longest = header.command_line_size;
  if (options.command_line.size() > longest) {
    return bad(options, fmt::format("takes a command line of at most {} bytes, and this one has {}", longest,
                                    options.command_line.size()));
  }
  const auto page = ram.find(sizeof(ZeroPage), page_size, {x86::layout::boot_info}, four_gib);
  const auto line = ram.find(options.command_line.size() + 1, 16, {x86::layout::command_line}, four_gib);
  if (!page || !line) return bad(options, "leaves no room in the guest's memory for its boot parameters");
  const auto root_pointer = place_firmware_data(plan, ram, options);
  const auto initrd = place_initrd(plan, ram, options, std::uint64_t{header.initrd_last} + 1);
  if (!initrd) return std::unexpected(initrd.error());

  ZeroPage zero_page;
  zero_page.header = header;
  zero_page.header.loader_type = unassigned_loader;
  zero_page.header.command_line = static_cast<std::uint32_t>(line->value);
  zero_page.header.ramdisk_image = static_cast<std::uint32_t>(initrd->start.value);
  zero_page.header.ramdisk_size = static_cast<std::uint32_t>(initrd->size);
  zero_page.acpi_root_pointer = root_pointer.value_or(Gpa{0}).value;
  for (const MemoryRange& range : memory_map(ram_size)) {
    zero_page.e820[zero_page.e820_entries++] = {range.start.value, range.size, static_cast<std::uint32_t>(range.kind)};
  }
  const auto* first = reinterpret_cast<const std::uint8_t*>(&zero_page);
  plan.placements.push_back({*page, {first, first + sizeof zero_page}});
  std::vector<std::uint8_t> text(options.command_line.begin(), options.command_line.end());
  text.push_back(0);
  plan.placements.push_back({*line, std::move(text)});
  plan.general.rsi = page->value;
  return {};
}

// The entry comes first: it makes the registers, the zero page fills one of them.
Checked enter(BootPlan& plan, RamPlan& ram, std::uint64_t entry, bool long_mode, std::uint64_t ram_size,
              const SetupHeader& header, const LoadOptions& options) {
  plan.architecture = long_mode ? GuestArchitecture::X86_64 : GuestArchitecture::I386;
  const Checked entered = long_mode ? enter_long_mode(plan, ram, Gva{entry}, ram_size, {}, options.name)
                                    : enter_protected_mode(plan, ram, Gpa{entry}, options.name, Selectors::AsGrub);
  if (!entered) return entered;
  return place_zero_page(plan, ram, header, ram_size, options);
}

// As the kernel looks for it: a word of the command line (cmdline_find_option_bool).
bool has_word(std::string_view line, std::string_view wanted) {
  for (std::size_t at = 0; (at = line.find(wanted, at)) != line.npos; ++at) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || line[at - 1] <= ' ') && (end == line.size() || line[end] <= ' ')) return true;
  }
  return false;
}

// Linux's __START_KERNEL_map; the preferred address is physical.
std::optional<Gva> sliding_kernel(const SetupHeader& header, const LoadOptions& options) {
  constexpr Gva kernel_map{0xffffffff80000000};
  constexpr std::uint64_t kernel_space = 1 << 30;
  const bool inside = header.preferred_address < kernel_space;
  if (!header.relocatable || !inside || has_word(options.command_line, "nokaslr")) return std::nullopt;
  return kernel_map + header.preferred_address;
}

}  // namespace

std::expected<BootPlan, ImageError> plan_linux(std::span<const std::uint8_t> image, const LoadOptions& options,
                                               std::uint64_t ram_size) {
  const auto header = read_header(image, options);
  if (!header) return std::unexpected(header.error());
  const auto code = code_of(image, *header, options);
  if (!code) return std::unexpected(code.error());
  RamPlan ram(ram_size);
  const auto at = place_code(*header, code->size(), ram, options);
  if (!at) return std::unexpected(at.error());

  const bool long_mode = header->version >= 0x020c && (header->extended_load_flags & has_64bit_entry);
  BootPlan plan;
  plan.format = fmt::format("{} Linux kernel, boot protocol {}.{:02}", long_mode ? "64-bit" : "32-bit",
                            header->version >> 8, header->version & 0xff);
  plan.placements.push_back({*at, {code->begin(), code->end()}});
  const std::uint64_t entry = at->value + (long_mode ? entry64 : 0);
  if (long_mode) plan.sliding_kernel = sliding_kernel(*header, options);
  if (long_mode && code->size() <= entry64) return bad(options, "is truncated: it has no code at its 64-bit entry");
  SetupHeader told = *header;
  told.code32_start = static_cast<std::uint32_t>(at->value);
  if (const auto entered = enter(plan, ram, entry, long_mode, ram_size, told, options); !entered) {
    return std::unexpected(entered.error());
  }
  return plan;
}

std::expected<BootPlan, ImageError> plan_vmlinux(const ElfImage& elf, std::span<const std::uint8_t> image,
                                                 const LoadOptions& options, std::uint64_t ram_size) {
  BootPlan plan;
  RamPlan ram(ram_size);
  if (const auto good = load_segments(plan, ram, elf, image, options.name, ram_size); !good) {
    return std::unexpected(good.error());
  }
  const auto entry = physical_entry(elf, options.name);
  if (!entry) return std::unexpected(entry.error());
  // What a setup header would say: Linux's COMMAND_LINE_SIZE, and an initrd wherever it is mapped early.
  SetupHeader header;
  header.boot_flag = boot_flag;
  header.magic = magic;
  header.version = 0x020c;
  header.load_flags = loaded_high;
  header.command_line_size = 2047;
  header.initrd_last = 0x7fffffff;
  header.kernel_alignment = PageTables::large_page;
  const bool long_mode = elf.is_64();
  plan.format = long_mode ? "64-bit Linux kernel (vmlinux)" : "32-bit Linux kernel (vmlinux)";
  if (const auto entered = enter(plan, ram, entry->value, long_mode, ram_size, header, options); !entered) {
    return std::unexpected(entered.error());
  }
  return plan;
}

}  // namespace gdbvm::boot

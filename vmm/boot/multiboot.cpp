// The header read, and the information structure filled in.
#include "vmm/boot/multiboot.h"

#include "vmm/boot/elf.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/info_block.h"
#include "vmm/boot/little_endian.h"
#include "vmm/boot/memory_map.h"
#include "vmm/boot/modules.h"
#include "vmm/boot/multiboot_image.h"

namespace gdbvm::boot {

namespace {

// 3.1.1 and 3.1.3.
struct Header {
  std::uint32_t magic, flags, checksum;
};
struct HeaderAddresses {
  LoadAddresses load;
  std::uint32_t entry;
};
constexpr std::uint32_t header_magic = 0x1badb002, loaded_magic = 0x2badb002;
constexpr std::uint32_t must_understand = 0xffff, understood = 1 << 0 | 1 << 1 | 1 << 2;  // alignment, memory, video
constexpr std::uint32_t has_addresses = 1 << 16;

// 3.3, as far as the flags below say that it is filled in.
struct Information {
  std::uint32_t flags{}, lower_kib{}, upper_kib{}, boot_device{}, command_line{};
  std::uint32_t module_count{}, modules{}, symbols[4]{};
  std::uint32_t map_size{}, map{}, drives_size{}, drives{}, config_table{}, loader_name{}, rest[13]{};
};
constexpr std::uint32_t has_memory = 1 << 0, has_command_line = 1 << 2, has_modules = 1 << 3, has_map = 1 << 6,
                        has_loader_name = 1 << 9;
struct ModuleEntry {
  std::uint32_t start{}, end{}, command_line{}, reserved{};
};
struct [[gnu::packed]] MapEntry {
  std::uint32_t size = 20;  // of the rest
  std::uint64_t start{}, length{};
  std::uint32_t kind{};
};
static_assert(sizeof(Information) == 120 && sizeof(MapEntry) == 24);

std::uint32_t low(Gpa address) { return static_cast<std::uint32_t>(address.value); }

void fill(InfoBlock& block, const std::vector<PlacedModule>& modules, std::uint64_t ram_size,
          const LoadOptions& options) {
  Information info;
  const Gpa at = block.add(info);
  info.flags = has_memory | has_command_line | has_modules | has_map | has_loader_name;
  const OldMemorySizes sizes = old_memory_sizes(ram_size);
  info.lower_kib = sizes.lower_kib;
  info.upper_kib = sizes.upper_kib;
  info.map = low(block.end());
  for (const MemoryRange& range : memory_map(ram_size)) {
    block.add(
        MapEntry{.start = range.start.value, .length = range.size, .kind = static_cast<std::uint32_t>(range.kind)});
  }
  info.map_size = low(block.end()) - info.map;
  info.modules = low(block.end());
  info.module_count = static_cast<std::uint32_t>(modules.size());
  const Gpa first_module = block.end();
  for (const PlacedModule& m : modules) block.add(ModuleEntry{low(m.start), low(m.start + m.size), 0, 0});
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const Gpa line = block.add_string(modules[i].command_line);
    block.put(first_module + i * sizeof(ModuleEntry) + offsetof(ModuleEntry, command_line), low(line));
  }
  const std::string separator = options.command_line.empty() ? "" : " ";
  info.command_line = low(block.add_string(options.name + separator + options.command_line));
  info.loader_name = low(block.add_string(loader_name));
  block.put(at, info);
}

struct Loaded {
  MultibootImage image;
  Gpa entry;
};

std::expected<Loaded, ImageError> load_image(BootPlan& plan, RamPlan& ram, std::span<const std::uint8_t> image,
                                             std::uint64_t header_at, const LoadOptions& options,
                                             std::uint64_t ram_size) {
  const auto header = *load<Header>(image, header_at);
  if (const std::uint32_t unknown = header.flags & must_understand & ~understood) {
    return std::unexpected(fmt::format("{}: its multiboot header demands features {:#x}, which gdbvm does not have",
                                       options.name, unknown));
  }
  if (!(header.flags & has_addresses)) {
    if (!has_elf_magic(image)) {
      return std::unexpected(options.name + " is not an ELF, and its multiboot header has no load addresses");
    }
    const auto loaded = load_multiboot_elf(plan, ram, image, options, ram_size);
    if (!loaded) return std::unexpected(loaded.error());
    return Loaded{*loaded, *loaded->entry};
  }
  const auto addresses = load<HeaderAddresses>(image, header_at + sizeof header);
  if (!addresses) return std::unexpected(options.name + " is truncated: its multiboot header is not complete");
  const auto loaded = load_multiboot_addresses(plan, ram, image, header_at, addresses->load, options);
  if (!loaded) return std::unexpected(loaded.error());
  return Loaded{*loaded, Gpa{addresses->entry}};
}

}  // namespace

std::optional<std::uint64_t> find_multiboot_header(std::span<const std::uint8_t> image) {
  constexpr std::uint64_t searched = 8192;
  for (std::uint64_t at = 0; at < searched; at += 4) {
    const auto header = load<Header>(image, at);
    if (!header) return std::nullopt;
    if (header->magic == header_magic && header->magic + header->flags + header->checksum == 0) return at;
  }
  return std::nullopt;
}

bool multiboot_has_addresses(std::span<const std::uint8_t> image) {
  const auto header_at = find_multiboot_header(image);
  return header_at && (load<Header>(image, *header_at)->flags & has_addresses);
}

std::expected<BootPlan, ImageError> plan_multiboot(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                   std::uint64_t ram_size) {
  const auto header_at = find_multiboot_header(image);
  if (!header_at) return std::unexpected(options.name + " has no multiboot header with a correct checksum");
  BootPlan plan;
  RamPlan ram(ram_size);
  const auto loaded = load_image(plan, ram, image, *header_at, options, ram_size);
  if (!loaded) return std::unexpected(loaded.error());
  plan.format = fmt::format("multiboot kernel, {}", loaded->image.format);
  place_firmware_data(plan, ram, options);
  if (const auto entered =
          enter_multiboot(plan, ram, loaded->image, loaded->entry, loaded_magic, Selectors::AsQemu, options);
      !entered) {
    return std::unexpected(entered.error());
  }
  const auto modules = place_modules(plan, ram, options, loaded->image.end);
  if (!modules) return std::unexpected(modules.error());
  const auto info = place_info(plan, ram, [&](InfoBlock& block) { fill(block, *modules, ram_size, options); });
  if (!info) return std::unexpected(options.name + " leaves no room in the guest's memory for multiboot information");
  plan.general.rbx = info->value;
  return plan;
}

}  // namespace gdbvm::boot

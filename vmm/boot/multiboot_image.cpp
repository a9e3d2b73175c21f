// Places the pieces, by segments or by addresses.
#include "vmm/boot/multiboot_image.h"

#include <algorithm>

#include "vmm/boot/elf.h"
#include "vmm/boot/elf_boot.h"

namespace gdbvm::boot {

std::expected<MultibootImage, ImageError> load_multiboot_elf(BootPlan& plan, RamPlan& ram,
                                                             std::span<const std::uint8_t> image,
                                                             const LoadOptions& options, std::uint64_t ram_size) {
  const auto elf = parse_elf(image, options.name);
  if (!elf) return std::unexpected(elf.error());
  if (const auto good = load_segments(plan, ram, *elf, image, options.name, ram_size); !good) {
    return std::unexpected(good.error());
  }
  const auto entry = physical_entry(*elf, options.name);
  if (!entry) return std::unexpected(entry.error());
  const bool is_64 = elf->is_64();
  return MultibootImage{.end = end_of(*elf),
                        .entry = *entry,
                        .architecture = is_64 ? GuestArchitecture::X86_64 : GuestArchitecture::I386,
                        .format = is_64 ? "64-bit ELF" : "32-bit ELF"};
}

std::expected<MultibootImage, ImageError> load_multiboot_addresses(BootPlan& plan, RamPlan& ram,
                                                                   std::span<const std::uint8_t> image,
                                                                   std::uint64_t header_offset,
                                                                   const LoadAddresses& addresses,
                                                                   const LoadOptions& options) {
  const auto bad = [&](const std::string& why) {
    return std::unexpected(fmt::format("{}: the load addresses in its multiboot header {}", options.name, why));
  };
  const std::uint64_t before_header = std::uint64_t{addresses.header} - addresses.load;
  if (addresses.header < addresses.load || before_header > header_offset) return bad("lie outside the file");
  const auto bytes = image.subspan(header_offset - before_header);
  const std::uint64_t load_end = addresses.load_end ? addresses.load_end : addresses.load + bytes.size();
  if (load_end < addresses.load) return bad("end before they begin");
  const std::uint64_t size = load_end - addresses.load;
  if (size > bytes.size()) return bad("ask for more than the file has");
  const std::uint64_t end = addresses.bss_end ? addresses.bss_end : load_end;
  if (end < load_end) return bad("end the .bss before it begins");
  if (end == addresses.load) return bad("are those of nothing");
  if (!ram.take({addresses.load}, end - addresses.load)) {
    return bad(fmt::format("lie outside the guest's memory, {:#x} to {:#x}{}", addresses.load, end,
                           room_for({addresses.load}, end - addresses.load)));
  }
  if (size > 0) plan.placements.push_back({{addresses.load}, {bytes.begin(), bytes.begin() + static_cast<long>(size)}});
  return MultibootImage{
      .end = {end}, .entry = std::nullopt, .architecture = GuestArchitecture::I386, .format = "flat image"};
}

std::expected<void, ImageError> enter_multiboot(BootPlan& plan, RamPlan& ram, const MultibootImage& loaded, Gpa entry,
                                                std::uint32_t magic, Selectors selectors, const LoadOptions& options) {
  if (!ram.is_ram(entry, 1)) {
    return std::unexpected(fmt::format("{}: the entry point {} is outside the guest's memory", options.name, entry));
  }
  plan.architecture = loaded.architecture;
  if (const auto entered = enter_protected_mode(plan, ram, entry, options.name, selectors); !entered) return entered;
  plan.system.cr4 = 0;
  plan.general.rax = magic;
  return {};
}

}  // namespace gdbvm::boot

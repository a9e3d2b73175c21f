// Recognises the format of an image.
#include "vmm/boot/image.h"

#include "vmm/boot/elf.h"
#include "vmm/boot/elf_boot.h"
#include "vmm/boot/flat.h"
#include "vmm/boot/signatures.h"

namespace gdbvm::boot {

namespace {

ImageError not_yet(const LoadOptions& options, const char* what, const char* forced) {
  return fmt::format("{} is {}, which gdbvm cannot boot yet (--boot {} loads it regardless)", options.name, what,
                     forced);
}

std::expected<BootPlan, ImageError> plan_elf_image(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                   std::uint64_t ram_size) {
  if (options.load) return std::unexpected(options.name + " is an ELF, which says itself where it goes: no --load");
  if (options.mode && *options.mode != Mode::Protected) {
    return std::unexpected(options.name + " is an ELF, which says itself how it starts: --mode can only be protected");
  }
  const auto elf = parse_elf(image, options.name);
  if (!elf) return std::unexpected(elf.error());
  if (options.protocol == Protocol::Auto) {
    if (elf->pvh_entry) return std::unexpected(not_yet(options, "a PVH kernel", "elf"));
    if (has_multiboot_header(image)) return std::unexpected(not_yet(options, "a multiboot kernel", "elf"));
    if (has_multiboot2_header(image)) return std::unexpected(not_yet(options, "a multiboot2 kernel", "elf"));
  }
  const auto entry = options.mode ? ElfEntry::Protected : ElfEntry::Own;
  return plan_elf(*elf, image, options, ram_size, entry);
}

}  // namespace

std::expected<BootPlan, ImageError> plan_boot(std::span<const std::uint8_t> image, const LoadOptions& options,
                                              std::uint64_t ram_size) {
  if (image.empty()) return std::unexpected(options.name + " is empty");
  switch (options.protocol) {
    case Protocol::Elf:
      return plan_elf_image(image, options, ram_size);
    case Protocol::Flat:
      return plan_flat(image, options, ram_size);
    case Protocol::Auto:
      break;
  }
  if (has_elf_magic(image)) return plan_elf_image(image, options, ram_size);
  if (is_linux_image(image)) return std::unexpected(not_yet(options, "a Linux kernel image", "flat"));
  if (has_multiboot_header(image)) return std::unexpected(not_yet(options, "a multiboot kernel", "flat"));
  if (has_multiboot2_header(image)) return std::unexpected(not_yet(options, "a multiboot2 kernel", "flat"));
  return plan_flat(image, options, ram_size);
}

}  // namespace gdbvm::boot

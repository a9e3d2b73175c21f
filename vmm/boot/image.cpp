// Recognises the format of an image.
#include "vmm/boot/image.h"

#include "vmm/boot/elf.h"
#include "vmm/boot/elf_boot.h"
#include "vmm/boot/firmware.h"
#include "vmm/boot/flat.h"
#include "vmm/boot/linux.h"
#include "vmm/boot/multiboot.h"
#include "vmm/boot/multiboot2.h"
#include "vmm/boot/pvh.h"
#include "vmm/boot/signatures.h"

namespace gdbvm::boot {

namespace {

using Plan = std::expected<BootPlan, ImageError>;
using Image = std::span<const std::uint8_t>;

bool is_multiboot(Image image) { return find_multiboot2_header(image) || find_multiboot_header(image); }

// A kernel's own protocol comes before those that it speaks as well: Linux has PVH notes, Xen has all of them.
Protocol detect_elf(Image image, const LoadOptions& options) {
  if (options.mode) return Protocol::Elf;
  const auto elf = parse_elf(image, options.name);
  if (!elf) return Protocol::Elf;  // whose loader says what is wrong
  if (elf->notes.is_linux) return Protocol::Linux;
  if (is_multiboot(image)) return Protocol::Multiboot;
  return elf->notes.pvh_entry ? Protocol::Pvh : Protocol::Elf;
}

Protocol detect(Image image, const LoadOptions& options) {
  if (has_elf_magic(image)) return detect_elf(image, options);
  if (is_linux_image(image)) return Protocol::Linux;
  if (is_multiboot(image)) return Protocol::Multiboot;
  return Protocol::Flat;
}

Plan plan_elf_image(Image image, const LoadOptions& options, std::uint64_t ram_size) {
  if (options.mode && *options.mode != Mode::Protected) {
    return std::unexpected(options.name + " is an ELF, which says itself how it starts: --mode can only be protected");
  }
  const auto elf = parse_elf(image, options.name);
  if (!elf) return std::unexpected(elf.error());
  return plan_elf(*elf, image, options, ram_size, options.mode ? ElfEntry::Protected : ElfEntry::Own);
}

// Linux in its two forms, and PVH, which needs an ELF.
Plan plan_kernel(Image image, const LoadOptions& options, std::uint64_t ram_size, Protocol protocol) {
  if (protocol == Protocol::Linux && !has_elf_magic(image)) return plan_linux(image, options, ram_size);
  const auto elf = parse_elf(image, options.name);
  if (!elf) return std::unexpected(elf.error());
  return protocol == Protocol::Linux ? plan_vmlinux(*elf, image, options, ram_size)
                                     : plan_pvh(*elf, image, options, ram_size);
}

// Options that mean nothing to the protocol.
std::optional<ImageError> contradiction(Image image, const LoadOptions& options, Protocol protocol) {
  if (protocol != Protocol::Flat) {
    const char* what = has_elf_magic(image) ? "an ELF" : "no flat image";
    if (options.load) return fmt::format("{} is {}, which says itself where it goes: no --load", options.name, what);
    if (options.mode && protocol != Protocol::Elf) {
      return fmt::format("{} is {}, which says itself how it starts: no --mode", options.name, what);
    }
  }
  const bool is_kernel = protocol == Protocol::Linux || protocol == Protocol::Pvh || protocol == Protocol::Multiboot;
  if (is_kernel) return std::nullopt;
  if (!options.command_line.empty()) return options.name + " is started by no protocol that has a command line";
  if (!options.modules.empty()) return options.name + " is started by no protocol that has an initrd";
  return std::nullopt;
}

}  // namespace

Plan plan_boot(Image image, const LoadOptions& options, std::uint64_t ram_size) {
  if (image.empty()) return std::unexpected(options.name + " is empty");
  const bool is_auto = options.protocol == Protocol::Auto;
  if (is_auto && is_gzip(image)) return std::unexpected(options.name + " is compressed by gzip: unpack it first");
  const Protocol protocol = is_auto ? detect(image, options) : options.protocol;
  if (const auto problem = contradiction(image, options, protocol)) return std::unexpected(*problem);
  switch (protocol) {
    case Protocol::Linux:
    case Protocol::Pvh:
      return plan_kernel(image, options, ram_size, protocol);
    case Protocol::Multiboot:
      return find_multiboot2_header(image) ? plan_multiboot2(image, options, ram_size)
                                           : plan_multiboot(image, options, ram_size);
    case Protocol::Elf:
      return plan_elf_image(image, options, ram_size);
    case Protocol::Firmware:
      return plan_firmware(image, options, ram_size);
    case Protocol::Flat:
    case Protocol::Auto:
      break;
  }
  return plan_flat(image, options, ram_size);
}

}  // namespace gdbvm::boot

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
using Elf = std::expected<ElfImage, ImageError>;

bool is_multiboot(Image image) { return find_multiboot2_header(image) || find_multiboot_header(image); }

// A kernel's own protocol comes before those that it speaks as well: Linux has PVH notes, Xen has all of them. What is
// wrong with a file that is damaged is its loader's to say.
Protocol detect_elf(Image image, const Elf& elf, const LoadOptions& options) {
  if (options.mode) return Protocol::Elf;
  if (elf && elf->notes.is_linux) return Protocol::Linux;
  if (is_multiboot(image)) return Protocol::Multiboot;
  return elf && elf->notes.pvh_entry ? Protocol::Pvh : Protocol::Elf;
}

Protocol detect(Image image, const Elf& elf, const LoadOptions& options) {
  if (has_elf_magic(image)) return detect_elf(image, elf, options);
  if (is_linux_image(image)) return Protocol::Linux;
  if (is_multiboot(image)) return Protocol::Multiboot;
  return Protocol::Flat;
}

// Files that would start as something that they are not.
std::optional<ImageError> foreign_format(Image image, const LoadOptions& options) {
  if (const Compression* const by = compression_of(image)) {
    return fmt::format("{} is compressed by {}: unpack it first ({})", options.name, by->name, by->remedy);
  }
  return std::nullopt;
}

Plan plan_elf_image(Image image, const ElfImage& elf, const LoadOptions& options, std::uint64_t ram_size) {
  if (options.mode && *options.mode != Mode::Protected) {
    return std::unexpected(options.name + " is an ELF, which says itself how it starts: --mode can only be protected");
  }
  return plan_elf(elf, image, options, ram_size, options.mode ? ElfEntry::Protected : ElfEntry::Own);
}

// Version 2 tells a kernel more; but what its header demands may be missing where version 1 asks for less.
Plan plan_either_multiboot(Image image, const LoadOptions& options, std::uint64_t ram_size) {
  if (!find_multiboot2_header(image)) return plan_multiboot(image, options, ram_size);
  auto second = plan_multiboot2(image, options, ram_size);
  if (second || !find_multiboot_header(image)) return second;
  auto first = plan_multiboot(image, options, ram_size);
  return first ? std::move(first) : std::move(second);
}

bool has_command_line(Protocol protocol) {
  return protocol != Protocol::Elf && protocol != Protocol::Flat && protocol != Protocol::Firmware;
}

// An ELF that cannot be started, and options that mean nothing to the protocol.
std::optional<ImageError> contradiction(Image image, const Elf& elf, const LoadOptions& options, Protocol protocol) {
  if (protocol == Protocol::Elf && !elf) return elf.error();
  if (protocol == Protocol::Elf && elf->has_interpreter) {
    return options.name + " needs a dynamic linker (PT_INTERP): it is a program for an operating system, not a kernel";
  }
  if (protocol != Protocol::Flat) {
    const char* what = has_elf_magic(image) ? "an ELF" : "not a flat image";
    if (options.load) return fmt::format("{} is {} and says itself where it goes: no --load", options.name, what);
    if (options.mode && protocol != Protocol::Elf) {
      return fmt::format("{} is {} and says itself how it starts: no --mode", options.name, what);
    }
  }
  if (has_command_line(protocol)) return std::nullopt;
  if (!options.command_line.empty()) return options.name + " is started by no protocol that has a command line";
  if (!options.modules.empty()) return options.name + " is started by no protocol that has an initrd";
  return std::nullopt;
}

Plan plan_by(Protocol protocol, Image image, const Elf& elf, const LoadOptions& options, std::uint64_t ram_size) {
  switch (protocol) {
    case Protocol::Linux:
      if (!has_elf_magic(image)) return plan_linux(image, options, ram_size);
      return elf ? plan_vmlinux(*elf, image, options, ram_size) : Plan(std::unexpected(elf.error()));
    case Protocol::Pvh:
      return elf ? plan_pvh(*elf, image, options, ram_size) : Plan(std::unexpected(elf.error()));
    case Protocol::Multiboot:
      return plan_either_multiboot(image, options, ram_size);
    case Protocol::Multiboot1:
      return plan_multiboot(image, options, ram_size);
    case Protocol::Multiboot2:
      return plan_multiboot2(image, options, ram_size);
    case Protocol::Elf:
      return plan_elf_image(image, *elf, options, ram_size);
    case Protocol::Firmware:
      return plan_firmware(image, options, ram_size);
    case Protocol::Flat:
    case Protocol::Auto:
      break;
  }
  return plan_flat(image, options, ram_size);
}

}  // namespace

Plan plan_boot(Image image, const LoadOptions& options, std::uint64_t ram_size) {
  if (image.empty()) return std::unexpected(options.name + " is empty");
  const bool is_auto = options.protocol == Protocol::Auto;
  if (is_auto) {
    if (const auto problem = foreign_format(image, options)) return std::unexpected(*problem);
  }
  const Elf elf = parse_elf(image, options.name);
  const Protocol protocol = is_auto ? detect(image, elf, options) : options.protocol;
  if (const auto problem = contradiction(image, elf, options, protocol)) return std::unexpected(*problem);
  return plan_by(protocol, image, elf, options, ram_size);
}

}  // namespace gdbvm::boot

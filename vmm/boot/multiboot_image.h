// What both versions of multiboot have in common: the image in memory, by its ELF headers or by five addresses.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/cpu_entry.h"
#include "vmm/boot/load_options.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// Multiboot Specification 0.6.96, 3.1.3: where the pieces of an image go that is not an ELF, or not loaded as one.
struct LoadAddresses {
  std::uint32_t header, load, load_end, bss_end;  // load_end 0: the whole file; bss_end 0: no .bss
};

// A kernel whose bytes are in the plan and whose place is reserved.
struct MultibootImage {
  Gpa end;                   // after its last byte
  std::optional<Gpa> entry;  // an ELF's
  GuestArchitecture architecture;
  const char* format;  // "32-bit ELF", "flat image"
};

std::expected<MultibootImage, ImageError> load_multiboot_elf(BootPlan& plan, RamPlan& ram,
                                                             std::span<const std::uint8_t> image,
                                                             const LoadOptions& options, std::uint64_t ram_size);
// `header_offset`: where in the file the multiboot header is.
std::expected<MultibootImage, ImageError> load_multiboot_addresses(BootPlan& plan, RamPlan& ram,
                                                                   std::span<const std::uint8_t> image,
                                                                   std::uint64_t header_offset,
                                                                   const LoadAddresses& addresses,
                                                                   const LoadOptions& options);

// Protected mode as both versions require it, with eax telling the kernel who loaded it. Neither says what the GDT is.
std::expected<void, ImageError> enter_multiboot(BootPlan& plan, RamPlan& ram, const MultibootImage& loaded, Gpa entry,
                                                std::uint32_t magic, Selectors selectors, const LoadOptions& options);

inline constexpr const char* loader_name = "gdbvm";

}  // namespace gdbvm::boot

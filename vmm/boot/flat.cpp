// Where a flat image goes, and what the mode it starts in needs.
#include "vmm/boot/flat.h"

#include "vmm/boot/cpu_entry.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/missing_bios.h"
#include "vmm/boot/ram_plan.h"
#include "vmm/boot/signatures.h"
#include "vmm/x86/layout.h"

namespace gdbvm::boot {

namespace {

std::expected<Gpa, ImageError> load_address(bool boot_sector, Mode mode, const LoadOptions& options) {
  if (options.load) return *options.load;
  if (mode != Mode::Real) return Gpa{x86::layout::high_memory};
  if (boot_sector) return Gpa{x86::layout::boot_sector};
  return std::unexpected(options.name + " is neither an ELF nor a boot sector: --load ADDRESS says where it goes");
}

std::expected<void, ImageError> enter(Mode mode, BootPlan& plan, RamPlan& ram, Gpa at, const LoadOptions& options,
                                      std::uint64_t ram_size) {
  switch (mode) {
    case Mode::Real:
      return enter_real_mode(plan, ram, at, options.name);
    case Mode::Protected:
      return enter_protected_mode(plan, ram, at, options.name);
    case Mode::Long:
      return enter_long_mode(plan, ram, Gva{at.value}, ram_size, {}, options.name);
  }
  return std::unexpected("no such mode");
}

std::string describe(Mode mode, bool boot_sector) {
  if (mode == Mode::Protected) return "32-bit flat image";
  if (mode == Mode::Long) return "64-bit flat image";
  return boot_sector ? "boot sector" : "real-mode flat image";
}

}  // namespace

std::expected<BootPlan, ImageError> plan_flat(std::span<const std::uint8_t> image, const LoadOptions& options,
                                              std::uint64_t ram_size) {
  const Mode mode = options.mode.value_or(Mode::Real);
  const bool boot_sector = is_boot_sector(image);
  const auto at = load_address(boot_sector, mode, options);
  if (!at) return std::unexpected(at.error());
  constexpr std::uint64_t real_mode_end = 0x100000;
  if (mode == Mode::Real && at->value >= real_mode_end) {
    return std::unexpected(fmt::format("{} cannot start at {} in real mode, which ends at 1 MiB", options.name, *at));
  }
  if (mode == Mode::Protected && at->value >= four_gib) {
    return std::unexpected(fmt::format("{} cannot start at {} in 32-bit mode", options.name, *at));
  }
  RamPlan ram(ram_size);
  if (!ram.is_ram(*at, image.size())) {
    return std::unexpected(fmt::format("{}, {} bytes at {}, does not fit the guest's memory{}", options.name,
                                       image.size(), *at, room_for(*at, image.size())));
  }
  ram.reserve(*at, image.size());

  constexpr GuestArchitecture architectures[] = {GuestArchitecture::I8086, GuestArchitecture::I386,
                                                 GuestArchitecture::X86_64};
  BootPlan plan;
  plan.architecture = architectures[static_cast<int>(mode)];
  plan.format = describe(mode, boot_sector && !options.load);
  plan.placements.push_back({*at, {image.begin(), image.end()}});
  place_firmware_data(plan, ram, options);
  if (mode == Mode::Real) place_missing_bios(plan, ram);
  if (const auto entered = enter(mode, plan, ram, *at, options, ram_size); !entered) {
    return std::unexpected(entered.error());
  }
  return plan;
}

}  // namespace gdbvm::boot

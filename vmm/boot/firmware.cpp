// The ROM, its copy below 1 MiB, and the state of a CPU at power-on.
#include "vmm/boot/firmware.h"

#include <algorithm>

#include "vmm/x86/layout.h"
#include "vmm/x86/power_on.h"

namespace gdbvm::boot {

std::expected<BootPlan, ImageError> plan_firmware(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                  std::uint64_t ram_size) {
  namespace layout = x86::layout;
  constexpr std::uint64_t max_size = layout::firmware_end - layout::firmware_start;
  constexpr std::uint64_t low_end = 0x100000, max_low = 0x40000;
  const std::string& name = options.name;
  if (image.size() % page_size != 0 || image.size() > max_size) {
    return std::unexpected(
        fmt::format("{} is not a firmware image: it has {} bytes, not whole pages of {} and at most {}", name,
                    image.size(), page_size, max_size));
  }
  if (ram_size < low_end) return std::unexpected(fmt::format("{} needs at least 1 MiB of memory", name));
  const auto low = image.last(std::min<std::uint64_t>(image.size(), max_low));

  BootPlan plan;
  plan.format = "firmware image";
  plan.architecture = GuestArchitecture::I8086;
  plan.rom = Placement{{layout::firmware_end - image.size()}, {image.begin(), image.end()}};
  plan.placements.push_back({{low_end - low.size()}, {low.begin(), low.end()}});
  plan.general = x86::power_on::general();
  plan.system = x86::power_on::system(true);
  return plan;
}

}  // namespace gdbvm::boot

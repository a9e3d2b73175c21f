// Finds room for modules, each for itself or all as one initrd.
#include "vmm/boot/modules.h"

#include <algorithm>

namespace gdbvm::boot {

namespace {
std::unexpected<ImageError> does_not_fit(const std::string& name, std::uint64_t size) {
  return std::unexpected(
      fmt::format("{} does not fit the guest's memory beside the kernel: it has {} bytes", name, size));
}

std::uint64_t page_up(std::uint64_t value) { return (value + page_size - 1) & ~(page_size - 1); }
}  // namespace

std::expected<std::vector<PlacedModule>, ImageError> place_modules(BootPlan& plan, RamPlan& ram,
                                                                   const LoadOptions& options, Gpa first) {
  std::vector<PlacedModule> placed;
  std::uint64_t next = page_up(first.value);
  for (const Module& module : options.modules) {
    const auto start = ram.find(page_up(module.bytes.size()), page_size, {next}, four_gib);
    if (!start) return does_not_fit(module.name, module.bytes.size());
    if (!module.bytes.empty()) plan.placements.push_back({*start, module.bytes});
    placed.push_back({*start, module.bytes.size(), module.command_line});
    next = start->value + page_up(module.bytes.size());
  }
  return placed;
}

std::expected<PlacedModule, ImageError> place_initrd(BootPlan& plan, RamPlan& ram, const LoadOptions& options,
                                                     std::uint64_t limit) {
  constexpr std::size_t archive_alignment = 4;  // Linux Documentation/driver-api/early-userspace/buffer-format.rst
  std::vector<std::uint8_t> bytes;
  for (const Module& module : options.modules) {
    bytes.resize((bytes.size() + archive_alignment - 1) & ~(archive_alignment - 1));
    bytes.insert(bytes.end(), module.bytes.begin(), module.bytes.end());
  }
  if (bytes.empty()) return PlacedModule{{0}, 0, {}};
  const std::uint64_t size = bytes.size();
  const auto start = ram.find_highest(page_up(size), page_size, std::min(limit, four_gib));
  if (!start) return does_not_fit(options.modules.front().name, size);
  plan.placements.push_back({*start, std::move(bytes)});
  return PlacedModule{*start, size, {}};
}

}  // namespace gdbvm::boot

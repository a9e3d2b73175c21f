// The start info filled in, and the CPU as the protocol has it.
#include "vmm/boot/pvh.h"

#include <algorithm>

#include "vmm/boot/cpu_entry.h"
#include "vmm/boot/elf_boot.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/info_block.h"
#include "vmm/boot/memory_map.h"
#include "vmm/boot/modules.h"

namespace gdbvm::boot {

namespace {

struct StartInfo {
  std::uint32_t magic = 0x336ec578, version = 1, flags = 0;
  std::uint32_t module_count{};
  std::uint64_t modules{}, command_line{}, acpi_root_pointer{};
  std::uint64_t memory_map{};
  std::uint32_t memory_map_entries{}, reserved{};
};
struct ModuleEntry {
  std::uint64_t start{}, size{}, command_line{}, reserved{};
};
struct MapEntry {
  std::uint64_t start{}, size{};
  std::uint32_t kind{}, reserved{};
};
static_assert(sizeof(StartInfo) == 56 && sizeof(ModuleEntry) == 32 && sizeof(MapEntry) == 24);

void fill(InfoBlock& block, const std::vector<PlacedModule>& modules, std::optional<Gpa> root_pointer,
          std::uint64_t ram_size, const LoadOptions& options) {
  StartInfo info;
  const Gpa at = block.add(info);
  info.memory_map = block.end().value;
  for (const MemoryRange& range : memory_map(ram_size)) {
    block.add(MapEntry{range.start.value, range.size, static_cast<std::uint32_t>(range.kind), 0});
    ++info.memory_map_entries;
  }
  info.module_count = static_cast<std::uint32_t>(modules.size());
  if (!modules.empty()) info.modules = block.end().value;
  const Gpa first_module = block.end();
  for (const PlacedModule& module : modules) block.add(ModuleEntry{module.start.value, module.size, 0, 0});
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const Gpa line = block.add_string(modules[i].command_line);
    block.put(first_module + i * sizeof(ModuleEntry) + offsetof(ModuleEntry, command_line), line.value);
  }
  info.command_line = block.add_string(options.command_line).value;
  info.acpi_root_pointer = root_pointer.value_or(Gpa{0}).value;
  block.put(at, info);
}

}  // namespace

std::expected<BootPlan, ImageError> plan_pvh(const ElfImage& elf, std::span<const std::uint8_t> image,
                                             const LoadOptions& options, std::uint64_t ram_size) {
  BootPlan plan;
  RamPlan ram(ram_size);
  if (const auto good = load_segments(plan, ram, elf, image, options.name, ram_size); !good) {
    return std::unexpected(good.error());
  }
  if (!elf.notes.pvh_entry)
    return std::unexpected(options.name + " is not a PVH kernel: it has no note with an entry point");
  const bool inside = std::ranges::any_of(
      elf.segments, [&](const LoadSegment& s) { return *elf.notes.pvh_entry - s.physical.value < s.memory_size; });
  if (!inside) {
    return std::unexpected(
        fmt::format("{}: the PVH entry point {:#x} is in none of its segments", options.name, *elf.notes.pvh_entry));
  }
  const bool is_64 = elf.is_64();
  plan.architecture = is_64 ? GuestArchitecture::X86_64 : GuestArchitecture::I386;
  plan.format = is_64 ? "64-bit PVH kernel" : "32-bit PVH kernel";
  if (const auto entered = enter_protected_mode(plan, ram, Gpa{*elf.notes.pvh_entry}, options.name); !entered) {
    return std::unexpected(entered.error());
  }
  plan.system.cr0 = x86::cr0::pe | x86::cr0::et;
  plan.system.cr4 = 0;

  const auto root_pointer = place_firmware_data(plan, ram, options);
  const auto modules = place_modules(plan, ram, options, end_of(elf));
  if (!modules) return std::unexpected(modules.error());
  const auto info =
      place_info(plan, ram, [&](InfoBlock& block) { fill(block, *modules, root_pointer, ram_size, options); });
  if (!info) return std::unexpected(options.name + " leaves no room in the guest's memory for its start info");
  plan.general.rbx = info->value;
  return plan;
}

}  // namespace gdbvm::boot

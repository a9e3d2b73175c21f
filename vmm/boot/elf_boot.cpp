// Checks where segments want to lie, places them, and enters.
#include "vmm/boot/elf_boot.h"

#include <algorithm>
#include <cstring>

#include "vmm/boot/cpu_entry.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

namespace {

using Checked = std::expected<void, ImageError>;

// The whole pages around a segment, as it is mapped at its linear address.
LinearMapping pages_of(const LoadSegment& s) {
  const std::uint64_t end = s.linear.page_offset() + s.memory_size;
  return {s.linear.page(), s.physical.page(), (end + page_size - 1) & ~(page_size - 1)};
}

std::unexpected<ImageError> outside_ram(const LoadSegment& s, const std::string& name, std::uint64_t ram_size) {
  const std::string what = fmt::format("{}: the segment at {}, {:#x} bytes,", name, s.physical, s.memory_size);
  const std::string room = room_for(s.physical, s.memory_size);
  if (!room.empty()) {
    return std::unexpected(fmt::format("{} lies outside the guest's {} MiB of memory{}", what, ram_size >> 20, room));
  }
  const bool is_virtual = s.physical.value == s.linear.value && s.physical.value >= four_gib;
  const char* remedy = is_virtual ? ": AT() in the linker script gives it a load address" : "";
  return std::unexpected(fmt::format("{} lies where no PC has memory{}", what, remedy));
}

Checked check_physical(const ElfImage& elf, const RamPlan& ram, const std::string& name, std::uint64_t ram_size) {
  auto segments = elf.segments;
  std::ranges::sort(segments, {}, &LoadSegment::physical);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const LoadSegment& s = segments[i];
    if (!ram.is_ram(s.physical, s.memory_size)) return outside_ram(s, name, ram_size);
    if (i > 0 && s.physical - segments[i - 1].physical < segments[i - 1].memory_size) {
      return std::unexpected(
          fmt::format("{}: the segments at {} and {} overlap", name, segments[i - 1].physical, s.physical));
    }
  }
  return {};
}

// Canonical with 48-bit linear addresses: bits 63-47 are all alike (SDM vol. 1, 3.3.7.1).
bool is_canonical(std::uint64_t linear) {
  const std::uint64_t high = linear >> 47;
  return high == 0 || high == 0x1ffff;
}

Checked check_linear(const ElfImage& elf, const std::string& name) {
  auto segments = elf.segments;
  std::ranges::sort(segments, {}, &LoadSegment::linear);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const LoadSegment& s = segments[i];
    const std::uint64_t last = s.linear.value + (s.memory_size - 1);
    if (!is_canonical(s.linear.value) || !is_canonical(last) || s.linear.value >> 63 != last >> 63) {
      return std::unexpected(fmt::format("{}: the segment's virtual address {} is not canonical", name, s.linear));
    }
    if ((s.linear.value - s.physical.value) % page_size != 0) {
      return std::unexpected(fmt::format("{}: the segment at {} cannot be mapped at {}: the offsets in the page differ",
                                         name, s.physical, s.linear));
    }
    if (i == 0) continue;
    const LoadSegment& before = segments[i - 1];
    const bool same_page = s.linear.page() - pages_of(before).linear < pages_of(before).size;
    if (same_page && s.linear.value - s.physical.value != before.linear.value - before.physical.value) {
      return std::unexpected(fmt::format("{}: two segments want the page at virtual {}", name, s.linear.page()));
    }
  }
  return {};
}

// A pointer may lie in .bss, beyond what the file has of a segment.
void relocate(std::vector<std::vector<std::uint8_t>>& contents, const std::vector<Relocation>& relocations) {
  for (const Relocation& r : relocations) {
    std::vector<std::uint8_t>& bytes = contents[r.segment];
    if (bytes.size() < r.offset + sizeof r.value) bytes.resize(r.offset + sizeof r.value);
    std::memcpy(bytes.data() + r.offset, &r.value, sizeof r.value);
  }
}

bool contains_linear(const LoadSegment& s, std::uint64_t address) { return address - s.linear.value < s.memory_size; }
bool contains_physical(const LoadSegment& s, std::uint64_t address) {
  return address - s.physical.value < s.memory_size;
}

std::unexpected<ImageError> entry_outside(const ElfImage& elf, const std::string& name) {
  return std::unexpected(fmt::format("{}: the entry point {:#x} is in none of its segments", name, elf.entry));
}

Checked enter64(BootPlan& plan, const ElfImage& elf, RamPlan& ram, const std::string& name, std::uint64_t ram_size) {
  if (const auto good = check_linear(elf, name); !good) return good;
  const bool inside = std::ranges::any_of(elf.segments, [&](const LoadSegment& s) {
    return contains_linear(s, elf.entry) || contains_physical(s, elf.entry);
  });
  if (!inside) return entry_outside(elf, name);
  std::vector<LinearMapping> mappings;
  for (const LoadSegment& s : elf.segments) {
    if (s.linear.value == s.physical.value) continue;
    mappings.push_back(pages_of(s));
    // What the mapping hides of the identity map is no place for a GDT or a stack.
    ram.reserve({mappings.back().linear.value}, mappings.back().size);
  }
  return enter_long_mode(plan, ram, Gva{elf.entry}, ram_size, mappings, name);
}

}  // namespace

std::expected<void, ImageError> load_segments(BootPlan& plan, RamPlan& ram, const ElfImage& elf,
                                              std::span<const std::uint8_t> image, const std::string& name,
                                              std::uint64_t ram_size) {
  if (const auto good = check_physical(elf, ram, name, ram_size); !good) return good;
  std::vector<std::vector<std::uint8_t>> contents;
  for (const LoadSegment& s : elf.segments) {
    ram.reserve(s.physical, s.memory_size);
    const auto bytes = image.subspan(s.file_offset, s.file_size);
    contents.emplace_back(bytes.begin(), bytes.end());
  }
  relocate(contents, elf.relocations);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!contents[i].empty()) plan.placements.push_back({elf.segments[i].physical, std::move(contents[i])});
  }
  return {};
}

std::expected<Gpa, ImageError> physical_entry(const ElfImage& elf, const std::string& name) {
  for (const LoadSegment& s : elf.segments) {
    if (contains_physical(s, elf.entry)) return Gpa{elf.entry};
  }
  for (const LoadSegment& s : elf.segments) {
    if (contains_linear(s, elf.entry)) return s.physical + (elf.entry - s.linear.value);
  }
  return entry_outside(elf, name);
}

Gpa end_of(const ElfImage& elf) {
  Gpa end{0};
  for (const LoadSegment& s : elf.segments) end = std::max(end, s.physical + s.memory_size);
  return end;
}

std::expected<BootPlan, ImageError> plan_elf(const ElfImage& elf, std::span<const std::uint8_t> image,
                                             const LoadOptions& options, std::uint64_t ram_size, ElfEntry entry) {
  const std::string& name = options.name;
  RamPlan ram(ram_size);
  BootPlan plan;
  if (const auto good = load_segments(plan, ram, elf, image, name, ram_size); !good) {
    return std::unexpected(good.error());
  }
  place_firmware_data(plan, ram, options);

  const bool is_64 = elf.is_64();
  plan.architecture = is_64 ? GuestArchitecture::X86_64 : GuestArchitecture::I386;
  plan.format = is_64 ? "64-bit ELF" : "32-bit ELF";
  if (is_64 && entry == ElfEntry::Own) {
    if (const auto entered = enter64(plan, elf, ram, name, ram_size); !entered) {
      return std::unexpected(entered.error());
    }
    return plan;
  }
  const auto at = physical_entry(elf, name);
  if (!at) return std::unexpected(at.error());
  if (const auto entered = enter_protected_mode(plan, ram, *at, name); !entered) {
    return std::unexpected(entered.error());
  }
  return plan;
}

}  // namespace gdbvm::boot

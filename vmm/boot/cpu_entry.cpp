// GDT, TSS, stack and page tables put into free memory, and the registers that point to them.
#include "vmm/boot/cpu_entry.h"

#include <algorithm>
#include <cstring>

#include "vmm/boot/page_tables.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"
#include "vmm/x86/power_on.h"
#include "vmm/x86/segments.h"

namespace gdbvm::boot {

namespace {

namespace layout = x86::layout;

std::unexpected<ImageError> no_room(const std::string& name, const char* what) {
  return std::unexpected(fmt::format("{} leaves no room in the guest's memory for {}", name, what));
}

// GDT and TSS together: the layout keeps them so, and so they move together when the image lies there.
bool place_descriptors(BootPlan& plan, RamPlan& ram, const x86::Segment& code, const x86::Segment& data) {
  constexpr std::uint64_t size = layout::tss + layout::tss_limit + 1 - layout::gdt;
  const auto gdt = ram.find(size, 16, {layout::gdt}, four_gib);
  if (!gdt) return false;
  x86::SystemRegisters& s = plan.system;
  s.tr = x86::task_register(layout::tss_selector, gdt->value + (layout::tss - layout::gdt));
  s.gdt = {.base = gdt->value, .limit = layout::gdt_limit};
  s.idt = {};
  s.ldt = x86::null_segment();
  s.cs = code;
  s.ds = s.es = s.fs = s.gs = s.ss = data;
  const bool code_first = code.selector == layout::first_selector;
  const auto descriptors =
      x86::boot_gdt({x86::flat_code32(layout::first_selector), code_first ? data : code, x86::flat_data()}, s.tr);
  std::vector<std::uint8_t> bytes(sizeof descriptors);
  std::memcpy(bytes.data(), descriptors.data(), sizeof descriptors);
  plan.placements.push_back({*gdt, std::move(bytes)});
  return true;
}

// The end of a stack. A `ret` from the entry point, and a debugger's backtrace past it, find zeros there.
std::optional<std::uint64_t> place_stack(RamPlan& ram) {
  constexpr std::uint64_t size = layout::stack_top - layout::stack_bottom;
  const auto stack = ram.find(size, 16, {layout::stack_bottom}, four_gib);
  if (!stack) return std::nullopt;
  constexpr std::uint64_t zeros = 16;
  return stack->value + size - zeros;
}

// Everything below 4 GiB, since kernels expect to reach their local APIC, and what RAM there is above.
bool map_identity(PageTables& tables, std::uint64_t ram_size) {
  const std::uint64_t above = ram_size > ram_hole_start.value ? ram_size - ram_hole_start.value : 0;
  const std::uint64_t rounded = (above + PageTables::large_page - 1) & ~(PageTables::large_page - 1);
  return tables.map({0}, {0}, four_gib + rounded);
}

}  // namespace

std::expected<void, ImageError> enter_long_mode(BootPlan& plan, RamPlan& ram, Gva entry, std::uint64_t ram_size,
                                                std::span<const LinearMapping> mappings, const std::string& name) {
  plan.system = x86::power_on::system(true);
  if (!place_descriptors(plan, ram, x86::flat_code64(), x86::flat_data())) return no_room(name, "a GDT");
  const auto stack = place_stack(ram);
  if (!stack) return no_room(name, "a stack");

  PageTables tables(ram_size / page_size);
  bool mapped = map_identity(tables, ram_size);
  for (const LinearMapping& m : mappings) mapped = mapped && tables.map(m.linear, m.physical, m.size);
  if (!mapped) return no_room(name, "page tables");
  const auto root = ram.find(tables.size(), page_size, {layout::page_tables}, UINT64_MAX);
  if (!root) return no_room(name, "page tables");
  plan.placements.push_back({*root, tables.bytes(*root)});

  plan.general = {.rsp = *stack, .rip = entry.value, .rflags = x86::rflags::fixed};
  x86::SystemRegisters& s = plan.system;
  s.cr0 = x86::cr0::pe | x86::cr0::mp | x86::cr0::et | x86::cr0::ne | x86::cr0::wp | x86::cr0::pg;
  s.cr3 = root->value;
  s.cr4 = x86::cr4::pae | x86::cr4::osfxsr | x86::cr4::osxmmexcpt;
  s.efer = x86::efer::lme | x86::efer::lma;  // SCE is for code that has set LSTAR
  return {};
}

std::expected<void, ImageError> enter_protected_mode(BootPlan& plan, RamPlan& ram, Gpa entry, const std::string& name,
                                                     Selectors selectors) {
  if (entry.value >= four_gib) {
    return std::unexpected(fmt::format("{} cannot start at {} in 32-bit mode", name, entry));
  }
  plan.system = x86::power_on::system(true);
  const bool as_grub = selectors == Selectors::AsGrub;
  const std::uint16_t code = as_grub ? layout::code_selector : layout::first_selector;
  const std::uint16_t data = as_grub ? layout::data_selector : layout::code_selector;
  if (!place_descriptors(plan, ram, x86::flat_code32(code), x86::flat_data(data))) return no_room(name, "a GDT");
  const auto stack = place_stack(ram);
  if (!stack) return no_room(name, "a stack");
  plan.general = {.rsp = *stack, .rip = entry.value, .rflags = x86::rflags::fixed};
  plan.system.cr0 = x86::cr0::pe | x86::cr0::mp | x86::cr0::et | x86::cr0::ne;
  plan.system.cr4 = x86::cr4::osfxsr | x86::cr4::osxmmexcpt;
  return {};
}

std::expected<void, ImageError> enter_real_mode(BootPlan& plan, RamPlan& ram, Gpa entry, const std::string& name) {
  // Below the boot sector, where boot sectors expect their stack; 4 KiB is more than a BIOS leaves them.
  constexpr std::uint64_t size = 0x1000, segment_end = 0x10000, zeros = 16;
  const auto stack = ram.find(size, 16, {layout::boot_sector - size}, layout::extended_bios_data);
  if (!stack) return no_room(name, "a real-mode stack");
  const bool stack_low = stack->value + size <= segment_end;
  const bool entry_low = entry.value < segment_end;

  plan.general = {.rdx = 0x80, .rflags = x86::rflags::fixed};
  plan.general.rsp = (stack_low ? stack->value : 0) + size - zeros;
  plan.general.rip = entry_low ? entry.value : entry.value & 0xf;
  plan.system = x86::power_on::system(true);
  x86::SystemRegisters& s = plan.system;
  s.cs = x86::real_mode_code(static_cast<std::uint16_t>(entry_low ? 0 : entry.value >> 4));
  s.ss = x86::real_mode_segment(static_cast<std::uint16_t>(stack_low ? 0 : stack->value >> 4));
  s.idt.limit = 0x3ff;
  s.cr0 = x86::cr0::et;
  return {};
}

}  // namespace gdbvm::boot

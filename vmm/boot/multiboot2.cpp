// The information as a list of tags.
#include "vmm/boot/multiboot2.h"

#include "vmm/boot/acpi/tables.h"
#include "vmm/boot/elf.h"
#include "vmm/boot/firmware_data.h"
#include "vmm/boot/info_block.h"
#include "vmm/boot/memory_map.h"
#include "vmm/boot/modules.h"
#include "vmm/boot/multiboot2_header.h"

namespace gdbvm::boot {

namespace {

constexpr std::uint32_t loaded_magic = 0x36d76289;

struct Tag {
  std::uint32_t type, size;
};
struct ModuleTag {
  std::uint32_t start, end;  // and the command line
};
struct MapTag {
  std::uint32_t entry_size = 24, version = 0;
};
struct MapEntry {
  std::uint64_t start, size;
  std::uint32_t kind, reserved;
};
static_assert(sizeof(MapEntry) == 24);

// One tag after another, each at a multiple of 8; the head's size counts no padding.
class Tags final {
 public:
  explicit Tags(InfoBlock& block) : block_(block), start_(block.add(Tag{0, 0})) {}

  template <class Body>
  void add(std::uint32_t type, Body body) {
    block_.align(8);
    const Gpa at = block_.add(Tag{type, 0});
    body(block_);
    block_.put(at, Tag{type, static_cast<std::uint32_t>(block_.end() - at)});
  }
  void finish() {
    add(multiboot2_tag::end, [](InfoBlock&) {});
    block_.put(start_, Tag{static_cast<std::uint32_t>(block_.end() - start_), 0});  // total size, reserved
  }

 private:
  InfoBlock& block_;
  Gpa start_;
};

struct Facts {
  const std::vector<PlacedModule>& modules;
  std::span<const std::uint8_t> root_pointer;  // ACPI's, empty: there is none
  Gpa load_base;
  std::uint64_t ram_size;
  const LoadOptions& options;
};

void fill(InfoBlock& block, const Facts& facts) {
  namespace tag = multiboot2_tag;
  constexpr std::size_t old_root_pointer_size = 20;
  Tags tags(block);
  tags.add(tag::command_line, [&](InfoBlock& b) { b.add_string(facts.options.command_line); });
  tags.add(tag::loader_name, [](InfoBlock& b) { b.add_string(loader_name); });
  for (const PlacedModule& m : facts.modules) {
    tags.add(tag::module, [&](InfoBlock& b) {
      b.add(ModuleTag{static_cast<std::uint32_t>(m.start.value), static_cast<std::uint32_t>(m.start.value + m.size)});
      b.add_string(m.command_line);
    });
  }
  tags.add(tag::memory_sizes, [&](InfoBlock& b) { b.add(old_memory_sizes(facts.ram_size)); });
  tags.add(tag::memory_map, [&](InfoBlock& b) {
    b.add(MapTag{});
    for (const MemoryRange& r : memory_map(facts.ram_size)) {
      b.add(MapEntry{r.start.value, r.size, static_cast<std::uint32_t>(r.kind), 0});
    }
  });
  if (!facts.root_pointer.empty()) {
    tags.add(tag::acpi_old, [&](InfoBlock& b) { b.add_bytes(facts.root_pointer.first(old_root_pointer_size)); });
    tags.add(tag::acpi_new, [&](InfoBlock& b) { b.add_bytes(facts.root_pointer); });
  }
  tags.add(tag::load_base, [&](InfoBlock& b) { b.add(static_cast<std::uint32_t>(facts.load_base.value)); });
  tags.finish();
}

}  // namespace

std::expected<BootPlan, ImageError> plan_multiboot2(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                    std::uint64_t ram_size) {
  const auto header = parse_multiboot2_header(image, options.name);
  if (!header) return std::unexpected(header.error());
  if (!header->addresses && !has_elf_magic(image)) {
    return std::unexpected(options.name + " is not an ELF, and its multiboot2 header has no load addresses");
  }
  BootPlan plan;
  RamPlan ram(ram_size);
  const auto loaded = header->addresses
                          ? load_multiboot_addresses(plan, ram, image, header->offset, *header->addresses, options)
                          : load_multiboot_elf(plan, ram, image, options, ram_size);
  if (!loaded) return std::unexpected(loaded.error());
  const auto entry = header->entry ? header->entry : loaded->entry;
  if (!entry) return std::unexpected(options.name + ": its multiboot2 header has load addresses but no entry point");
  const Gpa load_base = plan.placements.empty() ? *entry : plan.placements.front().start;
  plan.format = fmt::format("multiboot2 kernel, {}", loaded->format);

  std::vector<std::uint8_t> root_pointer;
  if (const auto tables = place_firmware_data(plan, ram, options)) {
    const auto& bytes = plan.placements.back().bytes;
    root_pointer.assign(bytes.begin(), bytes.begin() + acpi::root_pointer_size);
  }
  // QEMU's -kernel cannot start these: they know GRUB.
  if (const auto entered = enter_multiboot(plan, ram, *loaded, *entry, loaded_magic, Selectors::AsGrub, options);
      !entered) {
    return std::unexpected(entered.error());
  }
  const auto modules = place_modules(plan, ram, options, loaded->end);
  if (!modules) return std::unexpected(modules.error());
  const Facts facts{*modules, root_pointer, load_base, ram_size, options};
  const auto info = place_info(plan, ram, [&](InfoBlock& block) { fill(block, facts); });
  if (!info) return std::unexpected(options.name + " leaves no room in the guest's memory for multiboot information");
  plan.general.rbx = info->value;
  return plan;
}

}  // namespace gdbvm::boot

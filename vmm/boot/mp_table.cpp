// The layouts, field by field, and what the machine puts there. Numbers in comments are the specification's chapters.
#include "vmm/boot/mp_table.h"

#include <cstddef>

#include "vmm/boot/checksum.h"
#include "vmm/boot/info_block.h"
#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot {

namespace {

namespace layout = x86::layout;
namespace wiring = x86::wiring;

// 4.1
struct [[gnu::packed]] FloatingPointer {
  char signature[4] = {'_', 'M', 'P', '_'};
  std::uint32_t table{};
  std::uint8_t length = 1;  // in units of 16 bytes
  std::uint8_t revision = 4;
  std::uint8_t checksum{};
  std::uint8_t default_configuration = 0;  // there is a table
  std::uint8_t features = 0;               // the PICs are wired to LINT0, with no IMCR between
  std::uint8_t reserved[3]{};
};
// 4.2
struct [[gnu::packed]] Header {
  char signature[4] = {'P', 'C', 'M', 'P'};
  std::uint16_t length{};
  std::uint8_t revision = 4;
  std::uint8_t checksum{};
  char oem_id[8] = {'G', 'D', 'B', 'V', 'M', ' ', ' ', ' '};
  char product_id[12] = {'P', 'C', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
  std::uint32_t oem_table = 0;
  std::uint16_t oem_table_size = 0;
  std::uint16_t entries{};
  std::uint32_t local_apic = wiring::local_apic;
  std::uint16_t extended_length = 0;
  std::uint8_t extended_checksum = 0, reserved = 0;
};
// 4.3.1. The plan is made before there is a CPU to ask: its signature is family 6, its features are FPU and APIC, which
// every x86-64 CPU has; CPUID says the rest.
struct [[gnu::packed]] Processor {
  enum Flags : std::uint8_t { enabled = 1, boot = 2 };
  std::uint8_t type = 0;
  std::uint8_t apic_id{};
  std::uint8_t apic_version = 0x14;
  std::uint8_t flags{};
  std::uint32_t signature = 6 << 8;
  std::uint32_t features = 1u << 0 | 1u << 9;
  std::uint32_t reserved[2]{};
};
// 4.3.2
struct [[gnu::packed]] IsaBus {
  std::uint8_t type = 1;
  std::uint8_t id = 0;
  char name[6] = {'I', 'S', 'A', ' ', ' ', ' '};
};
// 4.3.3. Its id is what its register holds at reset: kernels compare.
struct [[gnu::packed]] IoApic {
  std::uint8_t type = 2;
  std::uint8_t id = 0;
  std::uint8_t version = 0x11;
  std::uint8_t flags = 1;  // enabled
  std::uint32_t address = wiring::io_apic;
};
// 4.3.4 and 4.3.5, of the ISA bus.
struct [[gnu::packed]] Interrupt {
  enum Where : std::uint8_t { at_io_apic = 3, at_local_apic = 4 };
  enum Kind : std::uint8_t { vectored = 0, nmi = 1, external = 3 };
  std::uint8_t type{}, kind{};
  std::uint16_t flags{};  // bits 0-1 polarity, 2-3 trigger mode; 0: as usual on the bus
  std::uint8_t bus = 0, irq{};
  std::uint8_t apic{}, pin{};
};

static_assert(sizeof(FloatingPointer) == 16 && sizeof(Header) == 44 && sizeof(Processor) == 20);
static_assert(sizeof(IsaBus) == 8 && sizeof(IoApic) == 8 && sizeof(Interrupt) == 8);

// Each adds its entries, of which it returns the number.
unsigned add_processors(InfoBlock& block, unsigned cpus) {
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    const auto flags = static_cast<std::uint8_t>(Processor::enabled | (cpu == 0 ? Processor::boot : 0));
    block.add(Processor{.apic_id = static_cast<std::uint8_t>(cpu), .flags = flags});
  }
  return cpus;
}

unsigned add_io_interrupts(InfoBlock& block) {
  constexpr unsigned irqs = 16;
  constexpr std::uint16_t active_high_level = 1 | 3 << 2;
  for (std::uint8_t irq = 0; irq < irqs; ++irq) {
    if (irq == wiring::pic_cascade) continue;
    const std::uint16_t flags = irq == wiring::system_control_irq ? active_high_level : 0;
    block.add(Interrupt{
        .type = Interrupt::at_io_apic, .kind = Interrupt::vectored, .flags = flags, .irq = irq, .apic = 0, .pin = irq});
  }
  return irqs - 1;
}

// The PICs' output goes to the boot CPU alone, NMIs go to all.
unsigned add_local_interrupts(InfoBlock& block) {
  constexpr std::uint8_t boot_cpu = 0, all_cpus = 0xff;
  block.add(Interrupt{.type = Interrupt::at_local_apic, .kind = Interrupt::external, .apic = boot_cpu, .pin = 0});
  block.add(Interrupt{.type = Interrupt::at_local_apic, .kind = Interrupt::nmi, .apic = all_cpus, .pin = 1});
  return 2;
}

}  // namespace

std::vector<std::uint8_t> mp_table(unsigned cpus, Gpa base) {
  InfoBlock block(base);
  FloatingPointer pointer;
  block.add(pointer);
  Header header;
  const Gpa table = block.add(header);
  unsigned entries = add_processors(block, cpus);
  block.add(IsaBus{});
  block.add(IoApic{});
  entries += 2 + add_io_interrupts(block) + add_local_interrupts(block);

  header.length = static_cast<std::uint16_t>(block.end() - table);
  header.entries = static_cast<std::uint16_t>(entries);
  block.put(table, header);
  header.checksum = checksum(std::span(block.bytes()).subspan(sizeof pointer));
  block.put(table, header);
  pointer.table = static_cast<std::uint32_t>(table.value);
  block.put(base, pointer);
  pointer.checksum = checksum(std::span(block.bytes()).first(sizeof pointer));
  block.put(base, pointer);
  return std::move(block.bytes());
}

void place_mp_table(BootPlan& plan, RamPlan& ram, unsigned cpus) {
  const Gpa base{layout::mp_table};
  auto bytes = mp_table(cpus, base);
  if (ram.take(base, bytes.size())) plan.placements.push_back({base, std::move(bytes)});
}

}  // namespace gdbvm::boot

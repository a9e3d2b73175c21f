// Fills in the ACPI tables and lays them out.
#include "vmm/boot/acpi/tables.h"

#include <cstring>
#include <span>

#include "vmm/boot/acpi/dsdt.h"
#include "vmm/boot/acpi/layouts.h"
#include "vmm/boot/checksum.h"
#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot::acpi {

static_assert(root_pointer_size == sizeof(RootPointer));

namespace {

namespace wiring = x86::wiring;
using Bytes = std::vector<std::uint8_t>;

template <class T>
void append(Bytes& out, const T& value) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(&value);
  out.insert(out.end(), first, first + sizeof value);
}

// Fills in length and checksum of a table that begins with a Header.
void seal(Bytes& table) {
  const auto length = static_cast<std::uint32_t>(table.size());
  std::memcpy(&table[offsetof(Header, length)], &length, sizeof length);
  table[offsetof(Header, checksum)] = checksum(table);
}

// Tables one after another, each at a multiple of 64, as the FACS must be.
class Layout final {
 public:
  Layout(Gpa base, std::size_t reserved) : base_(base), bytes_(reserved) {}
  std::uint32_t add(const Bytes& table) {
    constexpr std::size_t align = 64;
    bytes_.resize((bytes_.size() + align - 1) & ~(align - 1));
    const auto address = static_cast<std::uint32_t>(base_.value + bytes_.size());
    bytes_.insert(bytes_.end(), table.begin(), table.end());
    return address;
  }
  Bytes& bytes() { return bytes_; }

 private:
  Gpa base_;
  Bytes bytes_;
};

Bytes dsdt(unsigned virtio_devices) {
  Bytes table;
  append(table, Header{{'D', 'S', 'D', 'T'}, 0, 2});
  const aml::Bytes contents = dsdt_contents(virtio_devices);
  table.insert(table.end(), contents.begin(), contents.end());
  seal(table);
  return table;
}

GenericAddress port(unsigned number, std::uint8_t bits) {
  return {.space = GenericAddress::io_ports,
          .bits = bits,
          .access = static_cast<std::uint8_t>(bits / 16 + 1),
          .address = number};
}

// Table 5.10. No fixed-hardware buttons and no wake-up by the clock.
constexpr std::uint32_t fadt_flags = 1u << 0 |  // WBINVD works
                                     1u << 2 |  // C1 on all CPUs
                                     1u << 4 |  // no power button
                                     1u << 5 |  // no sleep button
                                     1u << 6 |  // no RTC wake status
                                     1u << 8 |  // the timer has 32 bits
                                     1u << 10;  // there is a reset register
// Table 5.11.
constexpr std::uint16_t legacy_devices = 1u << 0, keyboard_controller = 1u << 1;

Bytes fadt(std::uint32_t facs_address, std::uint32_t dsdt_address) {
  const unsigned event = wiring::power_management_port + wiring::pm1_status;
  const unsigned control = wiring::power_management_port + wiring::pm1_control;
  const unsigned timer = wiring::power_management_port + wiring::pm_timer;
  FixedDescription t;
  t.facs = facs_address;
  t.dsdt = dsdt_address;
  t.x_dsdt = dsdt_address;
  t.sci_interrupt = wiring::system_control_irq;
  t.pm1a_event = event;
  t.pm1a_control = control;
  t.pm_timer = timer;
  t.pm1_event_length = 4;
  t.pm1_control_length = 2;
  t.pm_timer_length = 4;
  t.x_pm1a_event = port(event, 32);
  t.x_pm1a_control = port(control, 16);
  t.x_pm_timer = port(timer, 32);
  t.c2_latency = 0xffff;  // more than 100 and 1000: these states do not exist
  t.c3_latency = 0xffff;
  t.century = wiring::rtc_century;
  t.boot_architecture = legacy_devices | keyboard_controller;
  t.flags = fadt_flags;
  t.reset_register = port(wiring::reset_control_port, 8);
  t.reset_value = wiring::reset_control_value;
  Bytes table;
  append(table, t);
  seal(table);
  return table;
}

Bytes madt(unsigned cpus) {
  constexpr std::uint8_t all_processors = 0xff;
  constexpr std::uint16_t active_high_level = 1 | 3 << 2;
  InterruptControllers head;
  head.local_apic = wiring::local_apic;
  head.flags = 1;
  Bytes table;
  append(table, head);
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    const auto id = static_cast<std::uint8_t>(cpu);
    append(table, LocalApic{.processor = id, .apic_id = id, .flags = 1});
  }
  append(table, IoApic{.id = 0, .address = wiring::io_apic, .first_gsi = 0});
  // All ISA interrupts are wired to the pin of their number; ACPI's own is not an ISA interrupt by nature.
  append(table, SourceOverride{.bus = 0,
                               .source = wiring::system_control_irq,
                               .gsi = wiring::system_control_irq,
                               .flags = active_high_level});
  append(table, LocalApicNmi{.processor = all_processors, .flags = 0, .lint = 1});
  seal(table);
  return table;
}

template <class Address>
Bytes root_table(const char (&signature)[5], std::initializer_list<std::uint32_t> addresses) {
  Header header{{signature[0], signature[1], signature[2], signature[3]}, 0, 1};
  Bytes table;
  append(table, header);
  for (const Address address : addresses) append(table, address);
  seal(table);
  return table;
}

}  // namespace

std::vector<std::uint8_t> tables(const Hardware& hardware, Gpa base) {
  Layout layout(base, sizeof(RootPointer));
  Bytes facs;
  append(facs, FirmwareControl{});
  const std::uint32_t facs_address = layout.add(facs);
  const std::uint32_t fadt_address = layout.add(fadt(facs_address, layout.add(dsdt(hardware.virtio_devices))));
  const std::uint32_t madt_address = layout.add(madt(hardware.cpus));
  RootPointer pointer;
  pointer.rsdt = layout.add(root_table<std::uint32_t>("RSDT", {fadt_address, madt_address}));
  pointer.xsdt = layout.add(root_table<std::uint64_t>("XSDT", {fadt_address, madt_address}));

  Bytes root;
  append(root, pointer);
  root[offsetof(RootPointer, checksum)] = checksum(std::span(root).first(RootPointer::first_size));
  root[offsetof(RootPointer, extended_checksum)] = checksum(root);
  std::memcpy(layout.bytes().data(), root.data(), root.size());
  return std::move(layout.bytes());
}

std::optional<Gpa> place_tables(BootPlan& plan, RamPlan& ram, const Hardware& hardware) {
  const Gpa base{x86::layout::firmware_tables};
  if (!ram.take(base, x86::layout::firmware_tables_end - x86::layout::firmware_tables)) return std::nullopt;
  plan.placements.push_back({base, tables(hardware, base)});
  return base;
}

}  // namespace gdbvm::boot::acpi

// The ACPI tables' layouts, field by field (ACPI 6.4, 5.2; the revisions of ACPI 2.0, which every system reads).
#pragma once

#include <cstddef>
#include <cstdint>

namespace gdbvm::boot::acpi {

// 5.2.5.3
struct [[gnu::packed]] RootPointer {
  char signature[8] = {'R', 'S', 'D', ' ', 'P', 'T', 'R', ' '};
  std::uint8_t checksum{};  // of the first 20 bytes
  char oem_id[6] = {'G', 'D', 'B', 'V', 'M', ' '};
  std::uint8_t revision = 2;
  std::uint32_t rsdt{};
  std::uint32_t length = 36;
  std::uint64_t xsdt{};
  std::uint8_t extended_checksum{};  // of all bytes
  std::uint8_t reserved[3]{};
  static constexpr std::size_t first_size = 20;  // what ACPI 1.0 has of it
};

// 5.2.6
struct [[gnu::packed]] Header {
  char signature[4];
  std::uint32_t length{};
  std::uint8_t revision{};
  std::uint8_t checksum{};
  char oem_id[6] = {'G', 'D', 'B', 'V', 'M', ' '};
  char oem_table_id[8] = {'G', 'D', 'B', 'V', 'M', ' ', ' ', ' '};
  std::uint32_t oem_revision = 1;
  char creator_id[4] = {'G', 'D', 'B', 'V'};
  std::uint32_t creator_revision = 1;
};

// 5.2.3.2: where a register is.
struct [[gnu::packed]] GenericAddress {
  enum Space : std::uint8_t { none = 0, io_ports = 1 };
  std::uint8_t space{};
  std::uint8_t bits{};
  std::uint8_t bit_offset{};
  std::uint8_t access{};  // 1 byte, 2 word, 3 doubleword
  std::uint64_t address{};
};

// 5.2.9
struct [[gnu::packed]] FixedDescription {
  Header header{{'F', 'A', 'C', 'P'}, 0, 3};
  std::uint32_t facs{}, dsdt{};
  std::uint8_t reserved1{}, preferred_profile{};
  std::uint16_t sci_interrupt{};
  std::uint32_t smi_command{};  // 0: ACPI is always on
  std::uint8_t acpi_enable{}, acpi_disable{}, s4_bios_request{}, pstate_control{};
  std::uint32_t pm1a_event{}, pm1b_event{}, pm1a_control{}, pm1b_control{}, pm2_control{}, pm_timer{};
  std::uint32_t gpe0{}, gpe1{};
  std::uint8_t pm1_event_length{}, pm1_control_length{}, pm2_control_length{}, pm_timer_length{};
  std::uint8_t gpe0_length{}, gpe1_length{}, gpe1_base{}, cstate_control{};
  std::uint16_t c2_latency{}, c3_latency{}, flush_size{}, flush_stride{};
  std::uint8_t duty_offset{}, duty_width{}, day_alarm{}, month_alarm{}, century{};
  std::uint16_t boot_architecture{};
  std::uint8_t reserved2{};
  std::uint32_t flags{};
  GenericAddress reset_register{};
  std::uint8_t reset_value{};
  std::uint16_t arm_boot_architecture{};
  std::uint8_t minor_revision{};
  std::uint64_t x_facs{}, x_dsdt{};
  GenericAddress x_pm1a_event{}, x_pm1b_event{}, x_pm1a_control{}, x_pm1b_control{}, x_pm2_control{}, x_pm_timer{};
  GenericAddress x_gpe0{}, x_gpe1{};
};

// 5.2.10
struct [[gnu::packed]] FirmwareControl {
  char signature[4] = {'F', 'A', 'C', 'S'};
  std::uint32_t length = 64;
  std::uint8_t rest[56]{};
};

// 5.2.12: the header, then entries.
struct [[gnu::packed]] InterruptControllers {
  Header header{{'A', 'P', 'I', 'C'}, 0, 1};
  std::uint32_t local_apic{};
  std::uint32_t flags{};  // 1: there are two 8259 PICs as well
};
struct [[gnu::packed]] LocalApic {
  std::uint8_t type = 0, length = 8;
  std::uint8_t processor{}, apic_id{};
  std::uint32_t flags{};  // 1: enabled
};
struct [[gnu::packed]] IoApic {
  std::uint8_t type = 1, length = 12;
  std::uint8_t id{}, reserved{};
  std::uint32_t address{}, first_gsi{};
};
struct [[gnu::packed]] SourceOverride {
  std::uint8_t type = 2, length = 10;
  std::uint8_t bus{}, source{};
  std::uint32_t gsi{};
  std::uint16_t flags{};  // bits 0-1 polarity, 2-3 trigger mode
};
struct [[gnu::packed]] LocalApicNmi {
  std::uint8_t type = 4, length = 6;
  std::uint8_t processor{};
  std::uint16_t flags{};
  std::uint8_t lint{};
};

static_assert(sizeof(RootPointer) == 36 && sizeof(Header) == 36 && sizeof(GenericAddress) == 12);
static_assert(sizeof(FixedDescription) == 244 && offsetof(FixedDescription, flags) == 112);
static_assert(offsetof(FixedDescription, x_dsdt) == 140 && offsetof(FixedDescription, x_pm_timer) == 208);
static_assert(sizeof(FirmwareControl) == 64 && sizeof(InterruptControllers) == 44);
static_assert(sizeof(LocalApic) == 8 && sizeof(IoApic) == 12 && sizeof(SourceOverride) == 10);
static_assert(sizeof(LocalApicNmi) == 6);

}  // namespace gdbvm::boot::acpi

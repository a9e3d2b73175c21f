// The interrupt controllers' registers, in the layouts of kvm_lapic_state, kvm_ioapic_state and kvm_pic_state.
#pragma once

#include <array>
#include <cstdint>

namespace gdbvm::x86 {

// The local APIC's register page (SDM vol. 3, table 11-1): a 32-bit register every 16 bytes.
struct LocalApicRegisters {
  std::array<std::uint32_t, 256> words{};

  constexpr std::uint32_t at(unsigned offset) const { return words[offset / 4]; }
  // Of the three bit fields with one bit for each vector: ISR, TMR, IRR.
  constexpr bool bit(unsigned offset, unsigned vector) const {
    return at(offset + vector / 32 * 16) >> vector % 32 & 1;
  }
};
namespace lapic {
inline constexpr unsigned id = 0x20, version = 0x30, task_priority = 0x80, arbitration_priority = 0x90,
                          processor_priority = 0xa0, end_of_interrupt = 0xb0, remote_read = 0xc0,
                          logical_destination = 0xd0, destination_format = 0xe0, spurious = 0xf0, in_service = 0x100,
                          trigger_mode = 0x180, requests = 0x200, errors = 0x280, command_low = 0x300,
                          command_high = 0x310, lvt_timer = 0x320, lvt_thermal = 0x330, lvt_performance = 0x340,
                          lvt_lint0 = 0x350, lvt_lint1 = 0x360, lvt_error = 0x370, timer_initial = 0x380,
                          timer_current = 0x390, timer_divide = 0x3e0;

// The timer's clock is divided by 2 to the power of this, at most 7: by bits 3, 1 and 0 of the divide configuration
// register (SDM vol. 3, figure 11-10).
constexpr unsigned timer_shift(std::uint32_t divide_configuration) {
  const unsigned value = (divide_configuration & 8) >> 1 | (divide_configuration & 3);
  return (value + 1) & 7;
}
}  // namespace lapic

// What the local APIC's command register, an entry of its vector table and one of the I/O APIC's redirection table have
// in common.
namespace apic_entry {
inline constexpr std::uint32_t vector_bits = 0xff, delivery_bits = 0x700, logical = 1u << 11, status = 1u << 12,
                               active_low = 1u << 13, remote_request = 1u << 14, level = 1u << 15, masked = 1u << 16;
}

// Intel 82093AA.
struct IoApicRegisters {
  std::uint64_t base{};
  std::uint32_t select{}, id{}, requests{}, padding{};
  std::array<std::uint64_t, 24> redirection{};
};

// Intel 8259A.
struct PicRegisters {
  std::uint8_t last_requests{}, requests{}, mask{}, in_service{}, priority_add{}, vector_base{}, read_select{}, poll{},
      special_mask{}, init_state{}, auto_eoi{}, rotate_on_auto_eoi{}, special_fully_nested{}, init4{},
      level_triggered{}, level_mask{};
};

struct InterruptControllers {
  PicRegisters master, slave;
  IoApicRegisters io_apic;
};

}  // namespace gdbvm::x86

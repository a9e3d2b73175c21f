// Interrupt controllers in words (SDM vol. 3, chapter 11; Intel 82093AA and 8259A data sheets).
#include "vmm/monitor/interrupt_text.h"

#include <fmt/format.h>

#include "vmm/x86/wiring.h"

namespace gdbvm::monitor {

namespace {

using x86::LocalApicRegisters;
namespace lapic = x86::lapic;

using namespace x86::apic_entry;
constexpr std::string_view delivery_modes[] = {"Fixed", "Lowest", "SMI", "...", "NMI", "INIT", "SIPI", "ExtINT"};

std::string_view delivery_of(std::uint64_t entry) { return delivery_modes[entry >> 8 & 7]; }
std::string_view polarity_of(std::uint64_t entry) { return entry & active_low ? "active-lo" : "active-hi"; }
std::string_view trigger_of(std::uint64_t entry) { return entry & level ? "level" : "edge"; }

std::string lvt_line(std::string_view name, std::uint32_t entry, std::string_view timer_mode = "") {
  return fmt::format("{}\t 0x{:08x} {} {:<5} {:<6} {:<7} {:<12} {:<6} (vec {})\n", name, entry, polarity_of(entry),
                     trigger_of(entry), entry & masked ? "masked" : "", entry & status ? "pending" : "", timer_mode,
                     delivery_of(entry), entry & 0xff);
}

std::string_view timer_mode(std::uint32_t entry) {
  constexpr std::string_view modes[] = {"one-shot", "periodic", "tsc-deadline", "..."};
  return modes[entry >> 17 & 3];
}

std::string command_lines(const LocalApicRegisters& apic) {
  const std::uint32_t low = apic.at(lapic::command_low), high = apic.at(lapic::command_high);
  constexpr std::string_view shorthands[] = {"no-shorthand", "self", "all-self", "all"};
  const std::string_view shorthand = shorthands[low >> 18 & 3];
  std::string text = fmt::format("ICR\t 0x{:08x} {} {} {} {}\n", low, low & logical ? "logical" : "physical",
                                 trigger_of(low), low & 1u << 14 ? "assert" : "de-assert", shorthand);
  text += fmt::format("ICR2\t 0x{:08x}", high);
  if ((low >> 18 & 3) == 0)
    text += low & logical ? fmt::format(" mask {:08b}", high >> 24) : fmt::format(" cpu {}", high >> 24);
  return text + " (APIC ID)\n";
}

std::string vectors_line(std::string_view name, const LocalApicRegisters& apic, unsigned offset) {
  std::string text;
  for (unsigned vector = 0; vector < 256; ++vector) {
    if (!apic.bit(offset, vector)) continue;
    text += fmt::format("{}{} ", vector, apic.bit(lapic::trigger_mode, vector) ? "(level)" : "");
  }
  return fmt::format("{}\t {}\n", name, text.empty() ? "(none)" : text);
}

std::string pic_part(const x86::InterruptControllers& chips, unsigned line) {
  const bool of_slave = line >= 8;
  const x86::PicRegisters& pic = of_slave ? chips.slave : chips.master;
  const bool cascade_masked = of_slave && chips.master.mask >> x86::wiring::pic_cascade & 1;
  if (cascade_masked || pic.mask >> line % 8 & 1) return "PIC masked";
  if (pic.level_triggered >> line % 8 & 1) return "PIC level-triggered, which drops a pulse";
  return fmt::format("PIC vector {}", (pic.vector_base & 0xf8) + line % 8);
}

std::string io_apic_part(std::uint64_t entry) {
  if (entry & masked) return "I/O APIC masked";
  const std::string_view delivery = delivery_of(entry);
  if (delivery != "Fixed" && delivery != "Lowest") return fmt::format("I/O APIC {}", delivery);
  return fmt::format("I/O APIC vector {}", entry & 0xff);
}

}  // namespace

std::string line_text(const x86::InterruptControllers& chips, unsigned line) {
  const bool at_pic = line < 16 && line != x86::wiring::pic_cascade;
  return fmt::format("line {}: {}{}{}\n", line, at_pic ? pic_part(chips, line) : "", at_pic ? ", " : "",
                     io_apic_part(chips.io_apic.redirection[line]));
}

std::string lapic_text(const LocalApicRegisters& apic, VcpuIndex cpu) {
  const std::uint32_t timer = apic.at(lapic::lvt_timer), divide = apic.at(lapic::timer_divide);
  const std::uint32_t spurious = apic.at(lapic::spurious);
  std::string text = fmt::format("dumping local APIC state for CPU {:<2}\n\n", cpu);
  text += lvt_line("LVT0", apic.at(lapic::lvt_lint0)) + lvt_line("LVT1", apic.at(lapic::lvt_lint1)) +
          lvt_line("LVTPC", apic.at(lapic::lvt_performance)) + lvt_line("LVTERR", apic.at(lapic::lvt_error)) +
          lvt_line("LVTTHMR", apic.at(lapic::lvt_thermal)) + lvt_line("LVTT", timer, timer_mode(timer));
  text += fmt::format("Timer\t DCR=0x{:x} (divide by {}) initial_count = {} current_count = {}\n", divide & 0xb,
                      1u << lapic::timer_shift(divide), apic.at(lapic::timer_initial), apic.at(lapic::timer_current));
  text += fmt::format("SPIV\t 0x{:08x} APIC {}, focus={}, spurious vec {}\n", spurious,
                      spurious & 1u << 8 ? "enabled" : "disabled", spurious & 1u << 9 ? "on" : "off", spurious & 0xff);
  text += command_lines(apic);
  text += fmt::format("ESR\t 0x{:08x}\n", apic.at(lapic::errors));
  text += vectors_line("ISR", apic, lapic::in_service) + vectors_line("IRR", apic, lapic::requests);
  return text + fmt::format("\nID 0x{:02x} APR 0x{:02x} TPR 0x{:02x} DFR 0x{:02x} LDR 0x{:02x} PPR 0x{:02x}\n",
                            apic.at(lapic::id) >> 24, apic.at(lapic::arbitration_priority) & 0xff,
                            apic.at(lapic::task_priority) & 0xff, apic.at(lapic::destination_format) >> 28,
                            apic.at(lapic::logical_destination) >> 24, apic.at(lapic::processor_priority) & 0xff);
}

std::string io_apic_text(const x86::IoApicRegisters& apic) {
  constexpr std::uint64_t remote_irr = 1u << 14;
  std::string text = fmt::format("ioapic0: base={:#x} id={:#04x} sel={:#04x}\n", apic.base, apic.id, apic.select);
  std::string requests, remote;
  for (unsigned pin = 0; pin < apic.redirection.size(); ++pin) {
    const std::uint64_t entry = apic.redirection[pin];
    text += fmt::format("  pin {:<2} 0x{:016x} dest={:X} vec={:<3} {} {:<5} {:<6} {:<6} {}\n", pin, entry, entry >> 56,
                        entry & 0xff, polarity_of(entry), trigger_of(entry), entry & masked ? "masked" : "",
                        delivery_of(entry), entry & logical ? "logical" : "physical");
    if (apic.requests >> pin & 1) requests += fmt::format(" {}", pin);
    if (entry & remote_irr) remote += fmt::format(" {}", pin);
  }
  return text + fmt::format("  IRR     {}\n  Remote IRR{}\n", requests.empty() ? " (none)" : requests,
                            remote.empty() ? " (none)" : remote);
}

std::string pic_text(const x86::PicRegisters& pic, std::string_view name) {
  return fmt::format("{}: irr={:02x} imr={:02x} isr={:02x} hprio={} irq_base={:02x} rr_sel={} elcr={:02x} fnm={}\n",
                     name, pic.requests, pic.mask, pic.in_service, pic.priority_add, pic.vector_base, pic.read_select,
                     pic.level_triggered, pic.special_fully_nested);
}

}  // namespace gdbvm::monitor

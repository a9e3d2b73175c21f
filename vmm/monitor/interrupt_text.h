// Interrupt controllers in words, with QEMU's names for the registers.
#pragma once

#include <string>

#include "vmm/memory/address.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm::monitor {

std::string lapic_text(const x86::LocalApicRegisters& apic, VcpuIndex cpu);
std::string io_apic_text(const x86::IoApicRegisters& apic);
// What the controllers make of a rise of that line: "line 4: PIC vector 36, I/O APIC masked".
std::string line_text(const x86::InterruptControllers& chips, unsigned line);
std::string pic_text(const x86::PicRegisters& pic, std::string_view name);

}  // namespace gdbvm::monitor

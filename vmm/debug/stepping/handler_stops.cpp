#include "vmm/debug/stepping/handler_stops.h"

#include "vmm/debug/guest/idt.h"

namespace gdbvm {

namespace {
constexpr std::byte hlt{0xf4};
}

HandlerStops::HandlerStops(GuestMemory& memory, const GuestView& view, Processor& cpu,
                           std::span<const std::uint8_t> vectors)
    : cpu_(cpu) {
  for (const std::uint8_t vector : vectors) {
    const auto handler = idt_handler(view, cpu, vector);
    if (!handler) continue;
    const auto address = view.translate(cpu, *handler);
    std::byte* const byte = address ? memory.at(*address, 1) : nullptr;
    if (!byte) continue;
    handlers_.insert(*handler);
    if (replaced_.try_emplace(byte, *byte).second) *byte = hlt;
  }
}

HandlerStops::~HandlerStops() {
  for (const auto& [byte, was] : replaced_) {
    if (*byte == hlt) *byte = was;  // else the CPU has written there: a frame, say
  }
}

void HandlerStops::take_back(const Exit& exit) {
  if (!std::holds_alternative<exits::Halt>(exit) || !handlers_.contains({pc_of(cpu_).value - 1})) return;
  auto registers = cpu_.general();
  --registers.rip;
  cpu_.set_general(registers);
  cpu_.set_run_state(x86::RunState::Runnable);
}

}  // namespace gdbvm

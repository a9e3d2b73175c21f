// Monitor commands that decode the descriptor tables.
#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/descriptor_text.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

// f(system registers, reader) on the CPU that is asked about, through its own page tables.
template <class F>
std::string with_tables(MonitorContext& context, F f) {
  return held(context, [&] {
    Vcpu& vcpu = cpu_of(context);
    return f(vcpu.system(), [&](std::uint64_t address, std::span<std::uint8_t> out) {
      return context.debuggee.run_control().view().read(vcpu, {address}, out) == out.size();
    });
  });
}

Result<> gdt(MonitorContext& context, Arguments) {
  context.print(
      with_tables(context, [](const auto& system, const ReadLinear& read) { return gdt_text(system, read); }));
  return {};
}

Result<> idt(MonitorContext& context, Arguments arguments) {
  std::optional<unsigned> only;
  if (!arguments.empty()) {
    const auto vector = parse_address(context, arguments);
    if (!vector) return std::unexpected(vector.error());
    if (*vector > 255) return fail("vectors are 0 to 255");
    only = static_cast<unsigned>(*vector);
  }
  context.print(
      with_tables(context, [&](const auto& system, const ReadLinear& read) { return idt_text(system, read, only); }));
  return {};
}

}  // namespace

std::span<const MonitorCommand> descriptor_commands() {
  static constexpr MonitorCommand table[] = {
      {"gdt", "", "the global descriptor table", gdt},
      {"idt", "[VECTOR]", "the interrupt descriptor table, or one entry", idt},
  };
  return table;
}

}  // namespace gdbvm::monitor

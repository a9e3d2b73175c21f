// Monitor commands that show memory, virtual and physical.
#include <algorithm>

#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/memory_text.h"

namespace gdbvm::monitor {

using gdbstub::Result;

namespace {

enum class Space { Virtual, Physical };

Result<> examine(MonitorContext& context, Arguments arguments, Space space) {
  ExamineFormat format;
  if (!arguments.empty() && arguments[0].starts_with('/')) {
    const auto parsed = parse_format(arguments[0].substr(1));
    if (!parsed) return std::unexpected(parsed.error());
    format = *parsed;
    arguments = arguments.subspan(1);
  }
  const auto address = parse_address(context, arguments);
  if (!address) return std::unexpected(address.error());
  Result<> done;
  std::string text;
  held(context, [&] {
    const auto system = address_space(context);
    const auto& view = context.debuggee.run_control().view();
    const ReadMemory read = [&](std::uint64_t from, std::span<std::uint8_t> out) {
      return space == Space::Physical ? view.read_physical({from}, out) : view.read(system, {from}, out);
    };
    const auto mode = x86::mode_of(system, cpu_of(context).general().rflags);
    done = memory_text(*address, format, mode, read, text);
  });
  if (!text.empty()) context.print(text);
  return done;
}

Result<> examine_virtual(MonitorContext& context, Arguments arguments) {
  return examine(context, arguments, Space::Virtual);
}
Result<> examine_physical(MonitorContext& context, Arguments arguments) {
  return examine(context, arguments, Space::Physical);
}

Result<> info_mtree(MonitorContext& context, Arguments) {
  Machine& machine = context.debuggee.machine();
  std::string text = "FlatView #0\n AS \"memory\", root: system\n Root memory region: system\n";
  const auto line = [](Gpa start, std::uint64_t size, std::string_view kind, std::string_view name) {
    return fmt::format("  {:016x}-{:016x} (prio 0, {}): {}\n", start.value, start.value + size - 1, kind, name);
  };
  std::vector<std::pair<Gpa, std::string>> lines;
  for (const auto& region : machine.memory().regions()) {
    lines.emplace_back(region.start, line(region.start, region.size, "ram", "ram"));
  }
  if (const auto* display = machine.memory().display()) {
    lines.emplace_back(display->start, line(display->start, display->size, "ram", "vga.vram"));
  }
  for (const auto& rom : machine.slots().roms()) lines.emplace_back(rom.start, line(rom.start, rom.size, "rom", "rom"));
  std::ranges::sort(lines);
  for (const auto& [start, words] : lines) text += words;
  context.print(text + "\n");
  return {};
}

}  // namespace

std::span<const MonitorCommand> memory_commands() {
  static constexpr MonitorCommand table[] = {
      {"x", "[/COUNT FORMAT SIZE] ADDRESS", "memory: formats x d u o c i, sizes b h w g; registers as $rsp",
       examine_virtual},
      {"xp", "[/COUNT FORMAT SIZE] ADDRESS", "the same by physical address", examine_physical},
      {"info mtree", "", "which physical addresses are RAM and ROM", info_mtree},
  };
  return table;
}

}  // namespace gdbvm::monitor

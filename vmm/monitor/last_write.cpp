#include "vmm/monitor/last_write.h"

#include <memory>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/journeys.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Progress;
using gdbstub::Result;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Range {
  Gva start;
  std::uint64_t length;
};

Result<Range> parse_range(MonitorContext& context, Arguments arguments) {
  constexpr std::uint64_t longest = 4096;
  if (arguments.empty() || arguments.size() > 2) return fail("usage: who-wrote ADDRESS [LENGTH]");
  const auto start = parse_address(context, arguments.first(1));
  if (!start) return std::unexpected(start.error());
  const auto length = arguments.size() > 1 ? parse_number(arguments[1]) : Result<std::uint64_t>(1);
  if (!length) return std::unexpected(length.error());
  if (*length == 0 || *length > longest) return fail(fmt::format("LENGTH is 1 to {} bytes", longest));
  return Range{{*start}, *length};
}

Result<Bytes> read(Debuggee& debuggee, Processor& cpu, const Range& range) {
  return debuggee.run_control().held([&]() -> Result<Bytes> {
    Bytes bytes(range.length);
    const auto size = debuggee.run_control().view().read(cpu, range.start, bytes);
    if (!size) return std::unexpected(size.error());
    if (*size < bytes.size()) return fail(fmt::format("nothing is mapped at {}", range.start + *size));
    return bytes;
  });
}

// A number where there is one of that size, as gdb's x/x shows it; else bytes.
std::string text_of(const Bytes& bytes) {
  constexpr std::size_t most = 16;
  if (bytes.size() == 1 || bytes.size() == 2 || bytes.size() == 4 || bytes.size() == 8) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes | std::views::reverse) value = value << 8 | byte;
    return fmt::format("{:#x}", value);
  }
  const bool all = bytes.size() <= most;
  return fmt::format("{:02x}{}", fmt::join(bytes | std::views::take(most), " "), all ? "" : " ...");
}

// The machine stands before the write; `after`: what was there when it had been made.
Result<> tell(Debuggee& debuggee, Processor& cpu, const Range& range, const Bytes& after, const Print& print) {
  const Bytes before = read(debuggee, cpu, range).value_or(Bytes());
  auto& control = debuggee.run_control();
  const auto [pc, slide] = control.held([&] { return std::pair(pc_of(cpu), control.slide().slide().bytes()); });
  const std::string place = debuggee.describe(pc, slide);
  const bool delivers = debuggee.history().delivers();
  print(fmt::format("{}{} wrote {}: {} -> {}\n", delivers ? "the delivery of an interrupt at " : "", place, range.start,
                    before.empty() ? "not mapped" : text_of(before), text_of(after)));
  return {};
}

}  // namespace

Result<> who_wrote(MonitorContext& context, Arguments arguments) {
  const auto range = parse_range(context, arguments);
  if (!range) return std::unexpected(range.error());
  if (auto parked = context.debuggee.run_control().require_parked(); !parked) return parked;
  Processor& cpu = cpu_of(context);
  auto after = read(context.debuggee, cpu, *range);
  if (!after) return std::unexpected(after.error());
  const auto way = [&](TimeTravel& history) { return history.set_out_to_write(range->start, range->length); };
  const auto arrived = [&debuggee = context.debuggee, &cpu, range = *range, after = std::move(*after)](
                           history::Arrival::At at, const Print& print) -> Result<> {
    if (at != history::Arrival::At::Begin) return tell(debuggee, cpu, range, after, print);
    const auto first = debuggee.run_control().held([&] { return debuggee.history().extent().first; });
    return fail(
        fmt::format("nothing has written {} since event {}, where the history begins; the guest stands where it did",
                    range.start, first));
  };
  return go(context, way, arrived);
}

}  // namespace gdbvm::monitor

// Sums of numbers and registers.
#include "vmm/monitor/arguments.h"

#include <algorithm>

#include <fmt/format.h>

#include "vmm/host/parse_number.h"
#include "vmm/monitor/context.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

Result<std::uint64_t> register_value(MonitorContext& context, std::string_view name) {
  const bool pc = name == "pc" || name == "rip" || name == "eip";
  const bool sp = name == "sp", fp = name == "fp";
  std::optional<std::uint64_t> value;
  with_registers(context, [&](GuestRegisters& registers) {
    registers.for_each([&](std::string_view each, std::string_view text) {
      const bool same = each == name || (pc && (each == "rip" || each == "eip")) ||
                        (sp && (each == "rsp" || each == "esp")) || (fp && (each == "rbp" || each == "ebp"));
      if (!same) return;
      if (const auto number = gdbvm::parse_number(text)) value = number;
    });
  });
  if (!value) return fail(fmt::format("there is no register ${}", name));
  return *value;
}

Result<std::uint64_t> term_value(MonitorContext& context, std::string_view term) {
  if (term.starts_with('$')) return register_value(context, term.substr(1));
  auto value = parse_number(term);
  if (!value) return fail(value.error().text + "; only the debugger knows symbols");
  return value;
}

// SEGMENT:OFFSET as in real mode.
Result<std::uint64_t> far_value(MonitorContext& context, std::string_view segment, std::string_view offset) {
  constexpr std::string_view linear[] = {"$pc", "$eip", "$rip", "$sp", "$esp", "$rsp", "$fp", "$ebp", "$rbp"};
  if (std::ranges::find(linear, offset) != std::end(linear)) {
    return fail(fmt::format("{} is a linear address already and has no segment", offset));
  }
  const auto base = term_value(context, segment);
  const auto distance = base ? term_value(context, offset) : base;
  if (!distance) return distance;
  if (*base > 0xffff) return fail(fmt::format("{:#x} is not a real-mode segment", *base));
  return *base * 16 + *distance;
}

}  // namespace

Result<std::uint64_t> parse_number(std::string_view text) {
  const auto value = gdbvm::parse_number(text);
  if (!value) return fail(fmt::format("'{}' is not a number", text));
  return *value;
}

Result<std::uint64_t> parse_address(MonitorContext& context, std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += word;
  if (text.empty()) return fail("an address is missing");
  std::uint64_t sum = 0;
  bool minus = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("+-", at), text.size());
    const auto term = std::string_view(text).substr(at, end - at);
    const std::size_t colon = term.find(':');
    const auto value = colon == term.npos ? term_value(context, term)
                                          : far_value(context, term.substr(0, colon), term.substr(colon + 1));
    if (!value) return value;
    sum = minus ? sum - *value : sum + *value;
    if (end + 1 == text.size()) return fail(fmt::format("'{}' is not complete", text));
    minus = end < text.size() && text[end] == '-';
    at = end + 1;
  }
  return sum;
}

}  // namespace gdbvm::monitor

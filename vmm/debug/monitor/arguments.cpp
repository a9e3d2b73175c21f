// Sums of numbers and registers.
#include "vmm/debug/monitor/arguments.h"

#include <charconv>

#include <fmt/format.h>

#include "vmm/debug/kvm_target.h"
#include "vmm/debug/monitor/context.h"

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
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
      if (same && error == std::errc{}) value = number;
    });
  });
  if (!value) return fail(fmt::format("there is no register ${}", name));
  return *value;
}

}  // namespace

Result<std::uint64_t> parse_number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = hex ? text.substr(2) : text;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return fail(fmt::format("'{}' is no number", text));
  return value;
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
    const bool is_register = term.starts_with('$');
    const auto value = is_register ? register_value(context, term.substr(1)) : parse_number(term);
    if (!value && !is_register) return fail(value.error().text + ", and symbols are known to the debugger only");
    if (!value) return value;
    sum = minus ? sum - *value : sum + *value;
    if (end + 1 == text.size()) return fail(fmt::format("'{}' ends in the middle", text));
    minus = end < text.size() && text[end] == '-';
    at = end + 1;
  }
  return sum;
}

}  // namespace gdbvm::monitor

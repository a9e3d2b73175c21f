// R MASK; M BASE,OFFSET,LENGTH; X LENGTH,BYTES; any number of them with nothing in between.
#include "gdbstub/trace/actions.h"

#include <algorithm>
#include <string>

#include "gdbstub/wire/hex.h"

namespace gdbstub {
namespace {

std::unexpected<Error> malformed() { return fail("the tracepoint's actions cannot be understood"); }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if(text, [](char c) { return hex_digit(c) < 0; });
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<std::uint64_t> take_number(std::string_view& text) { return parse_hex(take_digits(text)); }

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// The mask's most significant digit comes first. Registers that the client does not know to exist are left out.
Result<TraceAction> take_registers(std::string_view& text, std::size_t registers) {
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return malformed();
  trace_action::Registers action;
  for (std::size_t i = 0; i < digits.size() * 4 && i < registers; ++i) {
    const int digit = hex_digit(digits[digits.size() - 1 - i / 4]);
    if (digit >> (i % 4) & 1) action.numbers.push_back({static_cast<std::uint32_t>(i)});
  }
  return action;
}

// BASE is -1, also as FFFFFFFF, for an address that no register is added to.
Result<TraceAction> take_memory(std::string_view& text, std::size_t registers) {
  trace_action::Memory action{};
  const bool minus = take(text, '-');
  const auto base = take_number(text);
  if (!base || !take(text, ',')) return malformed();
  if (!minus && *base != 0xffffffff) {
    if (*base >= registers) return fail("the tracepoint names a register that does not exist");
    action.base = RegisterNumber{static_cast<std::uint32_t>(*base)};
  }
  const auto offset = take_number(text);
  const auto length = offset && take(text, ',') ? take_number(text) : std::nullopt;
  if (!length) return malformed();
  action.offset = *offset;
  action.length = *length;
  return action;
}

Result<TraceAction> take_expression(std::string_view& text) {
  const auto length = take_number(text);
  if (!length || !take(text, ',') || *length > text.size() / 2) return malformed();
  std::string digits(text.substr(0, *length * 2));
  text.remove_prefix(digits.size());
  const auto bytes = decode_hex(digits);
  if (!bytes) return malformed();
  return trace_action::Evaluate{{bytes->begin(), bytes->end()}};
}

Result<TraceAction> take_action(std::string_view& text, std::size_t registers) {
  if (take(text, 'R')) return take_registers(text, registers);
  if (take(text, 'M')) return take_memory(text, registers);
  if (take(text, 'X')) return take_expression(text);
  if (take(text, 'L')) return fail("there is no static trace data (_sdata): a machine has no static markers");
  return malformed();
}

}  // namespace

Result<> add_actions(Tracepoint& tracepoint, std::string_view text, std::size_t registers) {
  const bool in_steps = tracepoint.in_steps || text.starts_with('S');
  if (!tracepoint.in_steps && in_steps) text.remove_prefix(1);
  const std::string kept(text);
  std::vector<TraceAction> actions;
  while (!text.empty()) {
    auto action = take_action(text, registers);
    if (!action) return std::unexpected(action.error());
    actions.push_back(std::move(*action));
  }
  tracepoint.in_steps = in_steps;
  auto& all = in_steps ? tracepoint.step_actions : tracepoint.actions;
  std::ranges::move(actions, std::back_inserter(all));
  if (!kept.empty()) (in_steps ? tracepoint.step_action_texts : tracepoint.action_texts).push_back(kept);
  return {};
}

}  // namespace gdbstub

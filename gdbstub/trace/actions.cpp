// R MASK; M BASE,OFFSET,LENGTH; X LENGTH,BYTES; any number of them with nothing in between.
#include "gdbstub/trace/actions.h"

#include <algorithm>
#include <string>

#include "gdbstub/packets/packet_arguments.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub {
namespace {

std::unexpected<Error> malformed() { return fail("the tracepoint's actions cannot be understood"); }

// The mask's most significant digit comes first. Registers that the client does not know to exist are left out.
Result<TraceAction> take_registers(PacketArguments& args, std::size_t registers) {
  const std::string_view digits = args.take_digits();
  if (digits.empty()) return malformed();
  trace_action::Registers action;
  for (std::size_t i = 0; i < digits.size() * 4 && i < registers; ++i) {
    const int digit = hex_digit(digits[digits.size() - 1 - i / 4]);
    if (digit >> (i % 4) & 1) action.numbers.push_back({static_cast<std::uint32_t>(i)});
  }
  return action;
}

// BASE is -1, also as FFFFFFFF, for an address that no register is added to.
Result<TraceAction> take_memory(PacketArguments& args, std::size_t registers) {
  trace_action::Memory action{};
  const bool minus = args.take("-");
  const auto base = args.take_hex();
  if (!base || !args.take(",")) return malformed();
  if (!minus && *base != 0xffffffff) {
    if (*base >= registers) return fail("the tracepoint names a register that does not exist");
    action.base = RegisterNumber{static_cast<std::uint32_t>(*base)};
  }
  const auto offset = args.take_hex();
  const auto length = offset && args.take(",") ? args.take_hex() : std::nullopt;
  if (!length) return malformed();
  action.offset = *offset;
  action.length = *length;
  return action;
}

Result<TraceAction> take_expression(PacketArguments& args) {
  const auto bytes = args.take_counted_bytes();
  if (!bytes) return malformed();
  return trace_action::Evaluate{{bytes->begin(), bytes->end()}};
}

Result<TraceAction> take_action(PacketArguments& args, std::size_t registers) {
  if (args.take("R")) return take_registers(args, registers);
  if (args.take("M")) return take_memory(args, registers);
  if (args.take("X")) return take_expression(args);
  if (args.take("L")) return fail("there is no static trace data (_sdata): a machine has no static markers");
  return malformed();
}

}  // namespace

Result<> add_actions(Tracepoint& tracepoint, std::string_view text, std::size_t registers) {
  const bool in_steps = tracepoint.in_steps || text.starts_with('S');
  if (!tracepoint.in_steps && in_steps) text.remove_prefix(1);
  std::string decoded(text);
  std::vector<TraceAction> actions;
  for (PacketArguments args(decoded); !args.empty();) {
    auto action = take_action(args, registers);
    if (!action) return std::unexpected(action.error());
    actions.push_back(std::move(*action));
  }
  tracepoint.in_steps = in_steps;
  auto& all = in_steps ? tracepoint.step_actions : tracepoint.actions;
  std::ranges::move(actions, std::back_inserter(all));
  if (!text.empty()) (in_steps ? tracepoint.step_action_texts : tracepoint.action_texts).emplace_back(text);
  return {};
}

}  // namespace gdbstub

#include "gdbstub/agent/breakpoint_action.h"

#include <utility>

#include "gdbstub/agent/expression.h"

namespace gdbstub {
namespace {

class BreakpointAction final : public HitAction {
 public:
  BreakpointAction(std::vector<AgentBytecode> conditions, std::vector<AgentBytecode> commands,
                   std::vector<std::size_t> register_sizes)
      : conditions_(std::move(conditions)), commands_(std::move(commands)), sizes_(std::move(register_sizes)) {}

  Verdict evaluate(HitContext& context) const override {
    const auto holds = any_condition_holds(context);
    if (!holds) return stop_because(holds.error(), context);
    if (!*holds) return Verdict::Resume;
    for (const AgentBytecode& command : commands_) {
      const auto done = gdbstub::evaluate(command, sizes_, context);
      if (!done) return stop_because(done.error(), context);
    }
    return commands_.empty() ? Verdict::Stop : Verdict::Resume;
  }

 private:
  Result<bool> any_condition_holds(HitContext& context) const {
    for (const AgentBytecode& condition : conditions_) {
      const auto value = gdbstub::evaluate(condition, sizes_, context);
      if (!value) return std::unexpected(value.error());
      if (*value != 0) return true;
    }
    return conditions_.empty();
  }
  static Verdict stop_because(const Error& error, HitContext& context) {
    context.print(fmt::format("gdbstub: stopped because a breakpoint's expression failed: {}\n", error.text));
    return Verdict::Stop;
  }

  std::vector<AgentBytecode> conditions_;
  std::vector<AgentBytecode> commands_;
  std::vector<std::size_t> sizes_;
};

}  // namespace

std::shared_ptr<const HitAction> make_hit_action(std::vector<AgentBytecode> conditions,
                                                 std::vector<AgentBytecode> commands,
                                                 std::vector<std::size_t> register_sizes) {
  return std::make_shared<BreakpointAction>(std::move(conditions), std::move(commands), std::move(register_sizes));
}

}  // namespace gdbstub

// One frame being gathered: the actions of a tracepoint carried out on a stopped thread.
#pragma once

#include <memory>

#include "gdbstub/agent/expression.h"
#include "gdbstub/trace/experiment.h"

namespace gdbstub {

// Memory that cannot be read is left out; an expression that fails is an error. The experiment's mutex is held.
class TraceGathering final : private TraceSink {
 public:
  TraceGathering(TraceExperiment& experiment, HitContext& context, std::uint32_t tracepoint, Address at);

  // The tracepoint's condition.
  Result<bool> holds(const AgentBytecode& condition);
  Result<> carry_out(const std::vector<TraceAction>& actions);
  // Into the buffer. false: there is no room for it. `size`: how long the frame is.
  bool keep(std::size_t& size);

 private:
  void trace_memory(Address address, std::uint64_t length) override;
  void trace_string(Address address, std::uint64_t limit) override;
  Result<> trace_variable(std::uint32_t number) override;
  Result<std::uint64_t> variable(std::uint32_t number) override;
  Result<> set_variable(std::uint32_t number, std::uint64_t value) override;

  Result<> carry_out(const trace_action::Registers& action);
  Result<> carry_out(const trace_action::Memory& action);
  Result<> carry_out(const trace_action::Evaluate& action);
  Result<TraceVariable*> find(std::uint32_t number);
  void collect(RegisterNumber number);
  bool has_room_for(std::uint64_t length) const;
  std::size_t collect_piece(Address address, std::size_t length);

  TraceExperiment& experiment_;
  HitContext& context_;
  std::shared_ptr<TraceFrame> frame_;
  bool too_large_ = false;
};

}  // namespace gdbstub

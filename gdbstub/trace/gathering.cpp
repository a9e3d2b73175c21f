#include "gdbstub/trace/gathering.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gdbstub/agent/little_endian.h"

namespace gdbstub {

namespace {
constexpr std::uint64_t page = 4096;
std::uint64_t to_end_of_page(Address address) { return page - address.value % page; }
}  // namespace

TraceGathering::TraceGathering(TraceExperiment& experiment, HitContext& context, std::uint32_t tracepoint, Address at)
    : experiment_(experiment),
      context_(context),
      frame_(std::make_shared<TraceFrame>(tracepoint, at, experiment.registers)) {}

Result<bool> TraceGathering::holds(const AgentBytecode& condition) {
  const auto value = evaluate(condition, experiment_.registers->sizes, context_, this);
  if (!value) return std::unexpected(value.error());
  return *value != 0;
}

Result<> TraceGathering::carry_out(const std::vector<TraceAction>& actions) {
  for (const TraceAction& action : actions) {
    auto done = std::visit([this](const auto& each) { return carry_out(each); }, action);
    if (!done) return done;
  }
  return {};
}

// GDB takes the pc of a file's frame from its registers, wherever there are any.
Result<> TraceGathering::carry_out(const trace_action::Registers& action) {
  if (const auto pc = experiment_.registers->pc) collect(*pc);
  for (const RegisterNumber number : action.numbers) collect(number);
  return {};
}

void TraceGathering::collect(RegisterNumber number) {
  if (frame_->has_register(number) || number.value >= experiment_.registers->sizes.size()) return;
  const MutableBytes out = frame_->add_register(number);
  if (context_.read_register(number, out)) return;
  std::ranges::fill(out, 0);
  frame_->drop_register(number);
}

Result<> TraceGathering::carry_out(const trace_action::Memory& action) {
  std::uint64_t start = action.offset;
  if (action.base) {
    std::array<std::uint8_t, 64> bytes{};
    const std::size_t size = experiment_.registers->sizes[action.base->value];
    if (size > bytes.size()) return fail("a tracepoint's memory cannot begin at so wide a register");
    if (auto read = context_.read_register(*action.base, MutableBytes(bytes).first(size)); !read) return read;
    start += from_little_endian(Bytes(bytes).first(size));
  }
  trace_memory({start}, action.length);
  return {};
}

Result<> TraceGathering::carry_out(const trace_action::Evaluate& action) {
  const auto value = evaluate(action.code, experiment_.registers->sizes, context_, this);
  if (!value) return std::unexpected(value.error());
  return {};
}

bool TraceGathering::has_room_for(std::uint64_t length) const {
  const std::size_t used = frame_->size();
  return length <= experiment_.buffer.limit() && used + length <= experiment_.buffer.limit();
}

// Returns how much could be read.
std::size_t TraceGathering::collect_piece(Address address, std::size_t length) {
  const MutableBytes out = frame_->add_memory(address, length);
  if (context_.read_memory(address, out)) return length;
  frame_->cut_memory(0);
  return 0;
}

// As one block if all of it can be read, else page by page.
void TraceGathering::trace_memory(Address address, std::uint64_t length) {
  if (!has_room_for(length)) {
    too_large_ = true;
    return;
  }
  while (length > 0) {
    std::uint64_t count = std::min<std::uint64_t>(length, TraceFrame::max_memory);
    if (collect_piece(address, count) == 0 && count > to_end_of_page(address)) {
      count = to_end_of_page(address);
      collect_piece(address, count);
    }
    address = address + count;
    length -= count;
  }
}

void TraceGathering::trace_string(Address address, std::uint64_t limit) {
  bool ended = false;
  while (limit > 0 && !ended && !too_large_) {
    const auto count = std::min(limit, std::min<std::uint64_t>(to_end_of_page(address), 64));
    if (!has_room_for(count)) {
      too_large_ = true;
      return;
    }
    const MutableBytes out = frame_->add_memory(address, count);
    if (!context_.read_memory(address, out)) return frame_->cut_memory(0);
    const auto end = std::ranges::find(out, 0);
    ended = end != out.end();
    if (ended) frame_->cut_memory(static_cast<std::size_t>(end - out.begin()) + 1);
    address = address + count;
    limit -= count;
  }
}

Result<> TraceGathering::trace_variable(std::uint32_t number) {
  const auto value = variable(number);
  if (!value) return std::unexpected(value.error());
  frame_->add_variable(number, *value);
  return {};
}

Result<TraceVariable*> TraceGathering::find(std::uint32_t number) {
  const auto found = experiment_.variables.find(number);
  if (found == experiment_.variables.end()) return fail(fmt::format("there is no trace state variable {}", number));
  return &found->second;
}

Result<std::uint64_t> TraceGathering::variable(std::uint32_t number) {
  const auto found = find(number);
  if (!found) return std::unexpected(found.error());
  return (*found)->value;
}

Result<> TraceGathering::set_variable(std::uint32_t number, std::uint64_t value) {
  const auto found = find(number);
  if (!found) return std::unexpected(found.error());
  (*found)->value = value;
  return {};
}

bool TraceGathering::keep(std::size_t& size) {
  size = frame_->finish().size();
  return !too_large_ && experiment_.buffer.add(std::exchange(frame_, nullptr));
}

}  // namespace gdbstub

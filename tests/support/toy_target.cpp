// Run control of the toy machine: who runs, who stops, and why.
#include "support/toy_target.h"

#include <algorithm>
#include <utility>

namespace gdbstub::toy {
namespace {

const RegisterLayout& layout() {
  static const RegisterLayout all(description());
  return all;
}

// The stopped thread as conditions and commands see it.
class ToyHit final : public HitContext {
 public:
  ToyHit(ToyTarget& target, ThreadId thread, const EventSink& sink) : target_(target), thread_(thread), sink_(sink) {}
  Result<> read_register(RegisterNumber number, MutableBytes out) override {
    const auto* slot = layout().find(number);
    const Bytes all = target_.machine().registers(thread_.value - 1).bytes();
    std::ranges::copy(all.subspan(slot->offset, slot->size), out.begin());
    return {};
  }
  Result<> read_memory(Address address, MutableBytes out) override {
    const auto read = target_.read_memory(thread_, address, out);
    if (!read) return std::unexpected(read.error());
    if (*read < out.size()) return fail(fmt::format("there is no memory at {}", address + *read));
    return {};
  }
  Result<> write_memory(Address address, Bytes bytes) override { return target_.write_memory(thread_, address, bytes); }
  void print(std::string_view text) override { sink_(ConsoleOutput{std::string(text)}); }
  void trace_ended() override { sink_(TraceEnded{}); }

 private:
  ToyTarget& target_;
  ThreadId thread_;
  const EventSink& sink_;
};

}  // namespace

Result<> ToyTarget::read_register(ThreadId thread, RegisterNumber number, MutableBytes out) {
  if (threads_[index_of(thread)].running) return fail(fmt::format("thread {} is running", thread));
  const auto* slot = layout().find(number);
  const Bytes all = machine_.registers(index_of(thread)).bytes();
  std::ranges::copy(all.subspan(slot->offset, slot->size), out.begin());
  return {};
}

Result<> ToyTarget::write_register(ThreadId thread, RegisterNumber number, Bytes bytes) {
  if (threads_[index_of(thread)].running) return fail(fmt::format("thread {} is running", thread));
  const auto* slot = layout().find(number);
  if (slot->description->name == "fop") return fail("register fop cannot be written");
  std::ranges::copy(bytes, machine_.registers(index_of(thread)).bytes().subspan(slot->offset).begin());
  if (slot->description->role == GenericRole::Pc) threads_[index_of(thread)].halted = false;
  return {};
}

Result<std::size_t> ToyTarget::read_memory(ThreadId, Address address, MutableBytes out) {
  const std::uint64_t count = machine_.readable(address.value, out.size());
  if (count == 0) return fail(fmt::format("there is no memory at {}", address));
  machine_.read(address.value, out.first(count));
  return count;
}

Result<> ToyTarget::write_memory(ThreadId, Address address, Bytes bytes) {
  if (machine_.writable(address.value, bytes.size()) < bytes.size()) {
    return fail(fmt::format("the memory at {} cannot be written", address));
  }
  machine_.write(address.value, bytes);
  return {};
}

Result<> ToyTarget::resume(std::span<const ThreadAction> actions) {
  direction_ = Direction::Forward;
  for (const ThreadAction& action : actions) {
    Thread& thread = threads_[index_of(action.thread)];
    thread.running = true;
    thread.stop_requested = false;
    thread.action = action;
  }
  if (woken) woken();
  return {};
}

void ToyTarget::start() {
  const std::array<ThreadAction, 2> both{ThreadAction{.thread = {1}}, ThreadAction{.thread = {2}}};
  static_cast<void>(resume(both));
}

void ToyTarget::interrupt() {
  interrupted_ = running();
  if (woken) woken();
}

bool ToyTarget::running() { return std::ranges::any_of(threads_, &Thread::running); }

bool ToyTarget::all_halted() const {
  return std::ranges::all_of(threads_, [](const Thread& thread) { return !thread.running || thread.halted; });
}

bool ToyTarget::pump(std::size_t instructions) {
  while (running()) {
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      const bool asked = std::exchange(threads_[i].stop_requested, false);
      if (!threads_[i].running || (!asked && !interrupted_)) continue;
      stop(i, stop::Signalled{interrupted_ ? Signal::Int : Signal::None});
      if (!non_stop_) return false;
    }
    interrupted_ = false;
    if (instructions-- == 0) break;
    if (direction_ != Direction::Forward) {
      step_back();
      continue;
    }
    bool progress = false;
    for (std::size_t i = 0; i < threads_.size(); ++i) progress |= threads_[i].running && step_thread(i);
    if (!progress) break;  // all are halted: only an interrupt would wake them
  }
  return running();
}

// Returns whether the thread did anything.
bool ToyTarget::step_thread(std::size_t index) {
  Thread& thread = threads_[index];
  if (stops_before(index)) return true;
  if (thread.halted && thread.action.kind == ResumeKind::Continue) return false;
  trace_before(index);
  const Outcome outcome = machine_.step(index);
  trace_after(index);
  if (const auto* printed = std::get_if<outcome::Printed>(&outcome)) {
    sink_(ConsoleOutput{std::string(1, printed->character)});
  }
  thread.halted = std::holds_alternative<outcome::Halted>(outcome);
  if (stops_after(index, outcome)) return true;
  const Address pc{machine_.registers(index).rip()};
  const bool in_range = pc >= thread.action.range_begin && pc < thread.action.range_end;
  const bool steps =
      thread.action.kind == ResumeKind::Step || (thread.action.kind == ResumeKind::StepRange && !in_range);
  if (steps) stop(index, stop::StepComplete{});
  return true;
}

void ToyTarget::trace_before(std::size_t index) {
  const auto probe = probes_.find({machine_.registers(index).rip()});
  if (probe == probes_.end()) return;
  ToyHit hit(*this, {static_cast<std::uint32_t>(index + 1)}, sink_);
  if (auto steps = probe->second->hit(hit)) threads_[index].trace_steps.push_back(std::move(steps));
}

void ToyTarget::trace_after(std::size_t index) {
  ToyHit hit(*this, {static_cast<std::uint32_t>(index + 1)}, sink_);
  std::erase_if(threads_[index].trace_steps, [&](const auto& steps) { return !steps->after_step(hit); });
}

bool ToyTarget::is_hit(const Point& point, std::size_t index) {
  if (point.action == nullptr) return true;
  ToyHit hit(*this, {static_cast<std::uint32_t>(index + 1)}, sink_);
  return point.action->evaluate(hit) == Verdict::Stop;
}

bool ToyTarget::stops_before(std::size_t index) {
  const Address pc{machine_.registers(index).rip()};
  for (const Point& point : points_) {
    const auto* kind = std::get_if<BreakpointKind>(&point.kind);
    if (kind == nullptr || point.address != pc || !is_hit(point, index)) continue;
    if (*kind == BreakpointKind::Software) {
      stop(index, stop::SoftwareBreakpoint{});
    } else {
      stop(index, stop::HardwareBreakpoint{});
    }
    return true;
  }
  return false;
}

const ToyTarget::Point* ToyTarget::watch_hit(std::size_t index) {
  for (const Point& point : points_) {
    const auto* kind = std::get_if<WatchKind>(&point.kind);
    if (kind == nullptr) continue;
    const auto touches = [&](const Access& access) {
      const bool wanted = *kind == WatchKind::Access || (*kind == WatchKind::Write) == access.is_write;
      return wanted && access.address < point.address.value + point.length &&
             point.address.value < access.address + access.length;
    };
    if (std::ranges::any_of(machine_.accesses(), touches) && is_hit(point, index)) return &point;
  }
  return nullptr;
}

bool ToyTarget::stops_after(std::size_t index, const Outcome& outcome) {
  const std::uint64_t pc = machine_.registers(index).rip();
  if (const auto* exited = std::get_if<outcome::Exited>(&outcome)) {
    stop(index, stop::Exited{exited->status});
  } else if (std::holds_alternative<outcome::Breakpoint>(outcome)) {
    stop(index, stop::Signalled{Signal::Trap}, fmt::format("the program's own int3 before {:#x}", pc));
  } else if (std::holds_alternative<outcome::Invalid>(outcome)) {
    stop(index, stop::Signalled{Signal::Ill}, fmt::format("invalid instruction at {:#x}", pc));
  } else if (const auto* fault = std::get_if<outcome::Fault>(&outcome)) {
    stop(index, stop::Signalled{Signal::Segv}, fmt::format("there is no memory at {:#x}", fault->address));
  } else if (const Point* point = watch_hit(index); point != nullptr) {
    stop(index, stop::Watchpoint{std::get<WatchKind>(point->kind), point->address});
  } else {
    return false;
  }
  return true;
}

void ToyTarget::step_back() {
  const auto index = machine_.step_back();
  if (!index) return stop(0, stop::HistoryEnd{stop::HistoryEnd::Side::Begin});
  threads_[*index].halted = false;
  if (const Point* point = watch_hit(*index); point != nullptr) {
    return stop(*index, stop::Watchpoint{std::get<WatchKind>(point->kind), point->address});
  }
  if (direction_ == Direction::BackStep) return stop(*index, stop::StepComplete{});
  stops_before(*index);
}

void ToyTarget::move(std::uint64_t offset) {
  moved_ = offset;
  if (running()) stop(0, stop::LibrariesChanged{});
}

// In all-stop mode the first stop stops all threads.
void ToyTarget::stop(std::size_t index, StopReason reason, std::string message) {
  threads_[index].running = false;
  if (!non_stop_) {
    for (Thread& thread : threads_) thread.running = false;
    interrupted_ = false;
  }
  sink_(StopEvent{{static_cast<std::uint32_t>(index + 1)}, std::move(reason), std::move(message)});
}

}  // namespace gdbstub::toy

// ? c C s S vCont vCtrlC, and what a stop of the target sends in all-stop mode.
#include <algorithm>
#include <array>
#include <utility>

#include "gdbstub/session/features.h"
#include "gdbstub/session/session.h"

namespace gdbstub {
namespace {

using Action = command::ResumeThreads::Action;

ThreadAction to_thread_action(const Action& action, ThreadId thread) {
  const auto kind = action.kind == Action::Kind::Continue ? ResumeKind::Continue
                    : action.kind == Action::Kind::Step   ? ResumeKind::Step
                                                          : ResumeKind::StepRange;
  return {thread, kind, action.signal, action.range_begin, action.range_end};
}

bool is_interrupt(const StopEvent& event) {
  const auto* signal = std::get_if<stop::Signalled>(&event.reason);
  return signal && signal->signal == Signal::Int;
}

}  // namespace

StopEvent Session::present_stop() {
  if (last_stop_) return *last_stop_;
  return {general_thread(), stop::Signalled{Signal::Trap}, {}};
}

// A client expects a stopped target when it asks; one that runs is stopped first, and that stop is the answer.
Session::Handled Session::answer_stop(Reply& reply) {
  if (client_.non_stop) return answer_stopped_threads(reply);
  if (running_) {
    if (awaiting_ == Awaiting::Nothing) awaiting_ = Awaiting::Query;
    target_.interrupt();
    return Answer::Nothing;
  }
  write_stop_reply(reply, present_stop(), stop_context());
  return Answer::Reply;
}

Session::Handled Session::handle(const command::StopQuery&, Reply& reply) { return answer_stop(reply); }

Session::Handled Session::handle(const command::ResumeActionsQuery&, Reply& reply) {
  reply.text(resume_actions(target_));
  return Answer::Reply;
}

// In all-stop mode it may meet another stop on its way, one that the client does not show its user but answers with the
// next resume. Which stops those are nobody here knows; a second interrupt is none. LLDB asks again by itself.
void Session::interrupt() {
  if (running_ || client_.non_stop) target_.interrupt();
  const bool meets_a_stop = !running_ && last_stop_ && !is_interrupt(*last_stop_);
  const bool wanted = tenure_ == Tenure::Attached && !client_.non_stop && !client_.lldb;
  client_.interrupt_due = wanted && (running_ || meets_a_stop);
}

// Instead of a resume: the stop that an earlier interrupt still has to make.
bool Session::answer_due_interrupt(Reply& reply) {
  if (!std::exchange(client_.interrupt_due, false)) return false;
  flush_remarks(reply);
  last_stop_ = StopEvent{general_thread(), stop::Signalled{Signal::Int}, {}};
  write_stop_reply(reply, *last_stop_, stop_context());
  return true;
}

Session::Handled Session::handle(const command::Interrupt&, Reply& reply) {
  interrupt();
  return ok(reply);
}

Result<> Session::set_pc(ThreadId thread, Address address) {
  const auto number = registers_->pc();
  const auto* slot = number ? registers_->find(*number) : nullptr;
  std::array<std::uint8_t, 8> bytes;
  if (slot == nullptr || slot->size > bytes.size()) return fail("the target has no program counter");
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(address.value >> 8 * i);
  return target_.write_register(thread, *number, Bytes(bytes).first(slot->size));
}

// In non-stop mode the reply is OK and stops are notified; in all-stop mode the stop is the reply.
Session::Handled Session::resume(std::span<const ThreadAction> actions, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  if (last_stop_ && is_end(last_stop_->reason)) return fail("the target has ended");
  if (answer_due_interrupt(reply)) return Answer::Reply;
  if (const auto started = target_.resume(actions); !started) return std::unexpected(started.error());
  for (const ThreadAction& action : actions) stopped_.erase(action.thread);
  return resumed(reply);
}

Session::Handled Session::resumed(Reply& reply) {
  if (client_.non_stop) return ok(reply);
  flush_remarks(reply);
  last_stop_.reset();
  running_ = true;
  awaiting_ = Awaiting::Resumed;
  return Answer::Nothing;
}

// The packets from before vCont: the thread of Hc, or else all of them, of which `s` steps the general one only.
Session::Handled Session::handle(const command::Resume& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(continue_thread_);
  if (!thread) return std::unexpected(thread.error());
  if (command.address) {
    if (auto moved = set_pc(*thread, *command.address); !moved) return std::unexpected(moved.error());
  }
  std::vector<ThreadAction> actions{{*thread, command.kind, command.signal, {}, {}}};
  if (continue_thread_.kind != ThreadSelector::Kind::One) {
    for (const ThreadId other : target_.threads()) {
      if (other != *thread) actions.push_back({other, ResumeKind::Continue, Signal::None, {}, {}});
    }
  }
  return resume(actions, reply);
}

// The leftmost action that names a thread is the thread's. Stop is not for threads that stand still already.
std::vector<ThreadAction> Session::actions_for_threads(const command::ResumeThreads& command) {
  const ThreadId general = general_thread();
  std::vector<ThreadAction> actions;
  for (const ThreadId thread : target_.threads()) {
    if (client_.non_stop && !is_resumable(thread)) continue;
    const auto names = [&](const Action& action) {
      const ThreadSelector& selector = action.thread;
      if (selector.kind == ThreadSelector::Kind::Any) return thread == general;
      return selector.kind == ThreadSelector::Kind::All || selector.thread == thread;
    };
    const auto action = std::ranges::find_if(command.actions, names);
    if (action == command.actions.end() || action->kind == Action::Kind::Stop) continue;
    actions.push_back(to_thread_action(*action, thread));
  }
  return actions;
}

Session::Handled Session::handle(const command::ResumeThreads& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  if (client_.non_stop) {
    if (auto stopping = stop_threads(command); !stopping) return std::unexpected(stopping.error());
  }
  const std::vector<ThreadAction> actions = actions_for_threads(command);
  if (!actions.empty()) return resume(actions, reply);
  if (client_.non_stop) return ok(reply);
  if (!client_.no_resumed) return fail("no thread of that number is there to be resumed");
  reply.text("N");
  return Answer::Reply;
}

void Session::on_stop(StopEvent event) {
  const bool present = tenure_ != Tenure::None;
  if (!present && target_.running()) return;  // posted before a restart that came since
  if (tenure_ == Tenure::Killed) return;      // to this client it is dead, however it came to stand still
  if (client_.non_stop) return notify_stop(std::move(event));
  running_ = false;
  last_stop_ = event;
  if (is_interrupt(event)) client_.interrupt_due = false;
  if (event.thread.value != 0 && !is_end(event.reason)) general_thread_ = {ThreadSelector::Kind::One, event.thread};
  const Awaiting awaited = std::exchange(awaiting_, Awaiting::Nothing);
  if (!present) return;
  if (awaited == Awaiting::Resumed && !event.message.empty()) {
    console(event.message + '\n');
  } else {
    remark(event.message);
  }
  if (awaited != Awaiting::Nothing) send_stop_reply(*last_stop_);
}

void Session::send_stop_reply(const StopEvent& event) {
  Reply reply(*out_);
  write_stop_reply(reply, event, stop_context());
  send(reply);
}

// O packets reach the user only while the client waits for a stop.
void Session::on_console(const ConsoleOutput& output) {
  if (awaiting_ == Awaiting::Resumed) {
    console(output.text);
  } else if (tenure_ != Tenure::None) {
    remark(output.text);
  }
}

}  // namespace gdbstub

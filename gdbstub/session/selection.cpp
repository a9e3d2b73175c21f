#include "gdbstub/session/selection.h"

#include <algorithm>

namespace gdbstub {

Result<> require_process(const Conversation& c) {
  using Tenure = ClientState::Tenure;
  const StopReason* const reason = c.last_stop ? &c.last_stop->reason : nullptr;
  if (reason != nullptr && std::holds_alternative<stop::Exited>(*reason)) return fail("the target has ended");
  if (reason != nullptr && std::holds_alternative<stop::Killed>(*reason)) return fail("the target has been killed");
  if (c.client.tenure == Tenure::Left) return fail("the debugger has detached from the target; it may attach again");
  return {};
}

std::vector<ThreadId> threads_of(Conversation& c) {
  return require_process(c) ? c.target.threads() : std::vector<ThreadId>{};
}

Result<> require_stopped(const Conversation& c) {
  if (auto process = require_process(c); !process) return process;
  if (c.running && !c.client.non_stop) return fail("the target is running");
  return {};
}

ThreadId general_thread(Conversation& c) {
  const ThreadSelector& chosen = c.client.general_thread;
  if (chosen.kind == ThreadSelector::Kind::One) return chosen.thread;
  if (c.last_stop && c.last_stop->thread.value != 0) return c.last_stop->thread;
  const std::vector<ThreadId> threads = threads_of(c);
  return threads.empty() ? ThreadId{1} : threads.front();
}

Result<ThreadId> resolve(Conversation& c, const ThreadSelector& selector) {
  if (selector.kind != ThreadSelector::Kind::One) return general_thread(c);
  if (const auto process = require_process(c); !process) return std::unexpected(process.error());
  const std::vector<ThreadId> threads = c.target.threads();
  if (std::ranges::find(threads, selector.thread) == threads.end()) {
    return fail(fmt::format("there is no thread {}", selector.thread));
  }
  return selector.thread;
}

Result<ThreadId> resolve(Conversation& c, const std::optional<ThreadSelector>& selector) {
  if (!selector) return general_thread(c);
  return resolve(c, *selector);
}

Result<ThreadId> resolve_stopped(Conversation& c, const std::optional<ThreadSelector>& selector) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  return resolve(c, selector);
}

}  // namespace gdbstub

#include "gdbstub/session/selection.h"

#include <algorithm>
#include <vector>

namespace gdbstub {

Result<> require_stopped(const Conversation& c) {
  if (c.running && !c.client.non_stop) return fail("the target is running");
  return {};
}

ThreadId general_thread(Conversation& c) {
  const ThreadSelector& chosen = c.client.general_thread;
  if (chosen.kind == ThreadSelector::Kind::One) return chosen.thread;
  if (c.last_stop && c.last_stop->thread.value != 0) return c.last_stop->thread;
  const std::vector<ThreadId> threads = c.target.threads();
  return threads.empty() ? ThreadId{1} : threads.front();
}

Result<ThreadId> resolve(Conversation& c, const ThreadSelector& selector) {
  if (selector.kind != ThreadSelector::Kind::One) return general_thread(c);
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

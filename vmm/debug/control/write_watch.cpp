#include "vmm/debug/control/write_watch.h"

namespace gdbvm {

using gdbstub::WatchKind;

WriteWatch::WriteWatch(RunControl& control, Gva start, std::uint64_t length)
    : control_(control), start_(start), length_(length) {
  control.held([&] {
    if (const auto* found = control.stops().find(WatchKind::Write, start, length)) {
      set_by_debugger_ = found->set;
      action_ = found->action;
    }
    control.stops().insert(WatchKind::Write, start, length, nullptr);
  });
}

WriteWatch::~WriteWatch() {
  control_.held([&] {
    if (set_by_debugger_) {
      control_.stops().insert(WatchKind::Write, start_, length_, std::move(action_));
    } else {
      control_.stops().remove(WatchKind::Write, start_, length_);
    }
  });
}

bool WriteWatch::has_caused(const VcpuStop& stop) const {
  const auto* watchpoint = std::get_if<gdbstub::stop::Watchpoint>(&stop.reason);
  return watchpoint && watchpoint->kind == WatchKind::Write && watchpoint->address.value == start_.value;
}

}  // namespace gdbvm

// The toy target's optional capabilities: points, history, maps, monitor commands, lifecycle.
#include <algorithm>

#include "support/toy_target.h"

namespace gdbstub::toy {

Result<std::string> ToyTarget::plant(Point point) {
  const auto same = [&](const Point& other) {
    return other.kind == point.kind && other.address == point.address && other.length == point.length;
  };
  std::erase_if(points_, same);
  points_.push_back(std::move(point));
  return remark;
}

Result<std::string> ToyTarget::insert(BreakpointKind kind, Address address, std::shared_ptr<const HitAction> action) {
  return plant({kind, address, 1, std::move(action)});
}

Result<> ToyTarget::remove(BreakpointKind kind, Address address) {
  std::erase_if(points_, [&](const Point& point) {
    const auto* same_kind = std::get_if<BreakpointKind>(&point.kind);
    return same_kind != nullptr && *same_kind == kind && point.address == address;
  });
  return {};
}

Result<std::string> ToyTarget::insert(WatchKind kind, Address address, std::uint64_t length,
                                      std::shared_ptr<const HitAction> action) {
  if (length == 0) return fail("a watchpoint has at least one byte");
  return plant({kind, address, length, std::move(action)});
}

Result<> ToyTarget::remove(WatchKind kind, Address address, std::uint64_t length) {
  std::erase_if(points_, [&](const Point& point) {
    const auto* same_kind = std::get_if<WatchKind>(&point.kind);
    return same_kind != nullptr && *same_kind == kind && point.address == address && point.length == length;
  });
  return {};
}

Result<std::string> ToyTarget::insert(Address address, std::shared_ptr<const TraceProbe> probe) {
  if (address.value >= Machine::ram_size) return fail(fmt::format("nothing can be planted at {}", address));
  probes_[address] = std::move(probe);
  return remark;
}

Result<> ToyTarget::remove(Address address) {
  probes_.erase(address);
  return {};
}

Result<> ToyTarget::save(std::string_view path, std::string_view content) {
  if (path.empty() || path.front() != '/') return fail("the path is not absolute");
  saved = fmt::format("{}:{}", path, content);
  return {};
}

Result<> ToyTarget::reverse_step(ThreadId thread) {
  direction_ = Direction::BackStep;
  threads_[index_of(thread)].running = true;
  if (woken) woken();
  return {};
}

Result<> ToyTarget::reverse_continue() {
  direction_ = Direction::BackContinue;
  threads_[0].running = true;
  if (woken) woken();
  return {};
}

std::vector<MemoryRegion> ToyTarget::regions() {
  return {{MemoryRegion::Kind::Ram, {0}, Machine::ram_size},
          {MemoryRegion::Kind::Rom, {Machine::rom_start}, Machine::rom_size}};
}

AddressRange ToyTarget::range_at(ThreadId, Address address) {
  const std::uint64_t rom_end = Machine::rom_start + Machine::rom_size;
  if (address.value < Machine::ram_size) return {{0}, Machine::ram_size, true, true, true, true};
  if (address.value < Machine::rom_start) {
    return {{Machine::ram_size}, Machine::rom_start - Machine::ram_size, false, false, false, false};
  }
  if (address.value < rom_end) return {{Machine::rom_start}, Machine::rom_size, true, true, false, true};
  return {{rom_end}, 0 - rom_end, false, false, false, false};
}

std::string ToyTarget::extra(ThreadId thread) {
  const Thread& state = threads_[index_of(thread)];
  return fmt::format("toy {} [{}]", thread, state.halted ? "halted" : "running");
}

Result<Piece> ToyTarget::run(ThreadId, std::string_view line, const Print& print) {
  if (line == "help") {
    print("help       this list\n");
    print("echo TEXT  says TEXT\n");
    print("count N    counts to N, one number a piece\n");
    print("idle       never ends\n");
    return Piece();
  }
  if (line.starts_with("echo ")) {
    print(fmt::format("{}\n", line.substr(5)));
    return Piece();
  }
  if (line.starts_with("count ")) {
    return Piece([i = 0, last = std::stoi(std::string(line.substr(6)))](const Print& say) mutable -> Result<Progress> {
      say(fmt::format("{}\n", ++i));
      return i >= last ? Progress::Done : Progress::Unfinished;
    });
  }
  if (line == "idle") return Piece([](const Print&) -> Result<Progress> { return Progress::Unfinished; });
  return fail(fmt::format("there is no command '{}'", line));
}

Result<> ToyTarget::restart() {
  const bool ran = running();
  machine_.reset();
  threads_ = {};
  for (Thread& thread : threads_) thread.running = ran;
  if (ran) interrupt();
  return {};
}

void ToyTarget::kill() {
  killed_ = true;
  threads_ = {};
  if (ended) ended();
}

void ToyTarget::detached() {
  ++times_detached_;
  if (run_when_detached) start();
}

Result<> ToyTarget::set_non_stop(bool on) {
  non_stop_ = on;
  return {};
}

Result<> ToyTarget::stop(ThreadId thread) {
  threads_[index_of(thread)].stop_requested = true;
  if (woken) woken();
  return {};
}

Result<> ToyTarget::set_physical_memory(bool on) {
  physical_memory_ = on;
  return {};
}

Result<> ToyTarget::set_step_flags(unsigned flags) {
  step_flags_ = flags;
  return {};
}

}  // namespace gdbstub::toy

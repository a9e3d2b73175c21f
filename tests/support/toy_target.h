// A whole Target without KVM: the toy machine with every capability, each of which can be switched off.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gdbstub/target.h"
#include "support/toy_machine.h"

namespace gdbstub::toy {

// Nothing runs by itself: the owner of the target calls pump(), so a test decides when the guest makes progress.
class ToyTarget : public Target,
                  private Breakpoints,
                  private Watchpoints,
                  private Tracepoints,
                  private ReverseExecution,
                  private MemoryMap,
                  private AddressSpace,
                  private ThreadInfo,
                  private MonitorCommands,
                  private Lifecycle,
                  private NonStop,
                  private ExecFile,
                  private Libraries,
                  private QemuCompatibility {
 public:
  struct Offered {
    bool breakpoints = true, watchpoints = true, reverse = true, memory_map = true, address_space = true;
    bool thread_info = true, monitor = true, lifecycle = true, non_stop = true, exec_file = true, qemu = true;
    bool libraries = false;
    bool tracepoints = true;
  };
  // Events are posted to `sink`, from within pump() only.
  explicit ToyTarget(EventSink sink) : sink_(std::move(sink)) {}

  Offered offered;
  bool run_when_detached = false;
  std::string remark;                  // what inserting a breakpoint returns
  int times_listed = 0;                // how often the list of libraries was requested
  std::string exec_path = "/nowhere";  // the reply to exec-file
  void move(std::uint64_t offset);     // moves the only library, also in qOffsets; stops what runs
  std::function<void()> woken;         // called when pump() has something to do again
  std::function<void()> ended;         // called when a client has killed it

  // Executes up to `instructions` on the running threads in turn, until they stop. Returns whether some still run.
  bool pump(std::size_t instructions);
  // Whether every running thread waits in a hlt, so that pumping does nothing until an interrupt.
  bool all_halted() const;
  // As if the embedder had started it before any client connected.
  void start();

  Machine& machine() { return machine_; }
  std::size_t planted() const { return points_.size(); }
  std::size_t probes() const { return probes_.size(); }
  std::string saved;  // the last trace file, as PATH:CONTENT
  int times_detached() const { return times_detached_; }
  bool killed() const { return killed_; }

  // Target
  const TargetDescription& description() override { return toy::description(); }
  std::vector<ThreadId> threads() override { return {{1}, {2}}; }
  Result<> read_register(ThreadId thread, RegisterNumber number, MutableBytes out) override;
  Result<> write_register(ThreadId thread, RegisterNumber number, Bytes bytes) override;
  Result<std::size_t> read_memory(ThreadId thread, Address address, MutableBytes out) override;
  Result<> write_memory(ThreadId thread, Address address, Bytes bytes) override;
  Result<> resume(std::span<const ThreadAction> actions) override;
  void interrupt() override;
  bool running() override;
  gdbstub::Breakpoints* breakpoints() override { return offered.breakpoints ? this : nullptr; }
  gdbstub::Watchpoints* watchpoints() override { return offered.watchpoints ? this : nullptr; }
  gdbstub::Tracepoints* tracepoints() override { return offered.tracepoints ? this : nullptr; }
  gdbstub::ReverseExecution* reverse_execution() override { return offered.reverse ? this : nullptr; }
  gdbstub::MemoryMap* memory_map() override { return offered.memory_map ? this : nullptr; }
  gdbstub::AddressSpace* address_space() override { return offered.address_space ? this : nullptr; }
  gdbstub::ThreadInfo* thread_info() override { return offered.thread_info ? this : nullptr; }
  gdbstub::MonitorCommands* monitor_commands() override { return offered.monitor ? this : nullptr; }
  gdbstub::Lifecycle* lifecycle() override { return offered.lifecycle ? this : nullptr; }
  gdbstub::NonStop* non_stop() override { return offered.non_stop ? this : nullptr; }
  gdbstub::ExecFile* exec_file() override { return offered.exec_file ? this : nullptr; }
  gdbstub::Libraries* libraries() override { return offered.libraries ? this : nullptr; }
  std::optional<Address> text_segment() override {
    return moved_ ? std::optional(Address{0x1000 + *moved_}) : std::nullopt;
  }
  gdbstub::QemuCompatibility* qemu_compatibility() override { return offered.qemu ? this : nullptr; }

 private:
  struct Point {
    std::variant<BreakpointKind, WatchKind> kind;
    Address address;
    std::uint64_t length;
    std::shared_ptr<const HitAction> action;
  };
  struct Thread {
    bool running = false;
    bool halted = false;
    bool stop_requested = false;
    ThreadAction action{};
    std::vector<std::shared_ptr<TraceSteps>> trace_steps{};
  };
  enum class Direction { Forward, BackStep, BackContinue };

  bool step_thread(std::size_t index);
  bool stops_before(std::size_t index);
  bool stops_after(std::size_t index, const Outcome& outcome);
  const Point* watch_hit(std::size_t index);
  bool is_hit(const Point& point, std::size_t index);
  void step_back();
  void stop(std::size_t index, StopReason reason, std::string message = {});
  std::size_t index_of(ThreadId thread) const { return thread.value - 1; }

  Result<std::string> insert(BreakpointKind kind, Address address, std::shared_ptr<const HitAction> action) override;
  Result<> remove(BreakpointKind kind, Address address) override;
  Result<std::string> insert(WatchKind kind, Address address, std::uint64_t length,
                             std::shared_ptr<const HitAction> action) override;
  Result<> remove(WatchKind kind, Address address, std::uint64_t length) override;
  Result<std::string> insert(Address address, std::shared_ptr<const TraceProbe> probe) override;
  Result<> remove(Address address) override;
  Result<> save(std::string_view path, std::string_view content) override;
  void trace_before(std::size_t index);
  void trace_after(std::size_t index);
  Result<std::string> plant(Point point);
  Result<> reverse_step(ThreadId thread) override;
  Result<> reverse_continue() override;
  std::vector<MemoryRegion> regions() override;
  AddressRange range_at(ThreadId thread, Address address) override;
  std::string name(ThreadId thread) override { return fmt::format("toy <{}>", thread); }
  std::string extra(ThreadId thread) override;
  Result<Piece> run(ThreadId thread, std::string_view line, const Print& print) override;
  Result<> restart() override;
  void kill() override;
  void detached() override;
  Result<> set_non_stop(bool on) override;
  Result<> stop(ThreadId thread) override;
  ServedFile program() override { return {exec_path, exec_path}; }
  // The program, and another library whose sections have separate addresses.
  std::vector<Library> list() override {
    ++times_listed;
    return {{{exec_path, exec_path}, {0x1000 + moved_.value_or(0)}},
            {{"/parts.o", exec_path}, {}, {{0x5000}, {0x4000}}}};
  }
  bool physical_memory() override { return physical_memory_; }
  Result<> set_physical_memory(bool on) override;
  unsigned step_flags() override { return step_flags_; }
  Result<> set_step_flags(unsigned flags) override;

  EventSink sink_;
  Machine machine_;
  std::array<Thread, Machine::threads> threads_;
  std::vector<Point> points_;
  std::map<Address, std::shared_ptr<const TraceProbe>> probes_;
  Direction direction_ = Direction::Forward;
  bool non_stop_ = false;
  bool interrupted_ = false;
  bool killed_ = false;
  std::optional<std::uint64_t> moved_;
  bool physical_memory_ = false;
  unsigned step_flags_ = 7;
  int times_detached_ = 0;
};

}  // namespace gdbstub::toy

// The one header a target author reads: what the stub asks of a target, and what the target may offer beyond that.
//
// A target lives on one thread, the one that calls Session. Only events (see TargetEvent) may come from others, and
// they go through whatever the embedder uses to post work to that thread (Server::post does it for asio).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gdbstub/hit_action.h"
#include "gdbstub/piece.h"
#include "gdbstub/target_description.h"
#include "gdbstub/trace_probe.h"
#include "gdbstub/types.h"

namespace gdbstub {

// ---- resuming ------------------------------------------------------------------------------------------------------

enum class ResumeKind { Continue, Step, StepRange };

// What one thread does next. Threads without an action stay stopped.
struct ThreadAction {
  ThreadId thread;
  ResumeKind kind = ResumeKind::Continue;
  Signal signal = Signal::None;  // C and S packets; a target without signals ignores it
  Address range_begin{};         // StepRange: stop when the pc leaves [begin, end)
  Address range_end{};
};

// ---- stopping ------------------------------------------------------------------------------------------------------

enum class WatchKind { Write, Read, Access };

namespace stop {
struct Signalled {
  Signal signal = Signal::Trap;
};
struct StepComplete {};
struct SoftwareBreakpoint {};
struct HardwareBreakpoint {};
struct Watchpoint {
  WatchKind kind;
  Address address;  // the watched range's start, as it was inserted
};
struct LibrariesChanged {};  // of Libraries; only for a client that has asked for them
struct HistoryEnd {          // reverse execution ran out of history
  enum class Side { Begin, End } side;
};
struct Exited {
  std::uint8_t status;
};
struct Killed {
  Signal signal;
};
}  // namespace stop
using StopReason = std::variant<stop::Signalled, stop::StepComplete, stop::SoftwareBreakpoint, stop::HardwareBreakpoint,
                                stop::Watchpoint, stop::LibrariesChanged, stop::HistoryEnd, stop::Exited, stop::Killed>;
// Exited or Killed: the target has ended.
inline bool is_end(const StopReason& reason) {
  return std::holds_alternative<stop::Exited>(reason) || std::holds_alternative<stop::Killed>(reason);
}

// Why a thread stopped. In all-stop mode it is posted once every thread has stopped, and no further one is posted until
// the next resume; in non-stop mode each thread posts its own.
struct StopEvent {
  ThreadId thread;
  StopReason reason;
  std::string message;  // a line for the debugger's console, without the newline; empty for none
};
// Text for the debugger's console while the target runs.
struct ConsoleOutput {
  std::string text;
};
// A trace has ended by itself (HitContext::trace_ended): its probes can be removed.
struct TraceEnded {};
using TargetEvent = std::variant<StopEvent, ConsoleOutput, TraceEnded>;
using EventSink = std::function<void(TargetEvent)>;  // callable from any thread

// ---- optional capabilities: a target returns nullptr for what it does not offer ------------------------------------

enum class BreakpointKind { Software, Hardware };

// Z0 and Z1. Inserting the same kind at the same address again replaces its action; removing an absent one succeeds.
// While a breakpoint is planted, memory reads show the target's own bytes, and a thread about to execute the address
// stops before it, also when it was resumed at that very address. The text returned by insert() is a remark for the
// user (say, "this will be slow here because ..."), shown at the next resume; usually empty.
class Breakpoints {
 public:
  virtual ~Breakpoints() = default;
  virtual Result<std::string> insert(BreakpointKind kind, Address address, std::shared_ptr<const HitAction> action) = 0;
  virtual Result<> remove(BreakpointKind kind, Address address) = 0;
};

// Z2 (write), Z3 (read), Z4 (access). Stops after the access.
class Watchpoints {
 public:
  virtual ~Watchpoints() = default;
  virtual Result<std::string> insert(WatchKind kind, Address address, std::uint64_t length,
                                     std::shared_ptr<const HitAction> action) = 0;
  virtual Result<> remove(WatchKind kind, Address address, std::uint64_t length) = 0;
};

// What GDB's trace files begin with.
inline constexpr std::string_view trace_file_magic = "\x7fTRACE0\n";

// QT packets. A thread that comes to a probe's address tells the probe, once each time, and goes on without a stop; a
// breakpoint at the same address does as it would without. Where the probe returns TraceSteps, the thread's next
// instructions are executed one by one, as by Step. While the target goes through its past nothing is told.
class Tracepoints {
 public:
  virtual ~Tracepoints() = default;
  // Inserting at the same address again replaces the probe. Returns a remark, as Breakpoints::insert() does.
  virtual Result<std::string> insert(Address address, std::shared_ptr<const TraceProbe> probe) = 0;
  virtual Result<> remove(Address address) = 0;
  // QTSave: writes a file where the target is. The content begins with trace_file_magic.
  virtual Result<> save(std::string_view path, std::string_view content) = 0;
};

// bs and bc: step or continue into the past; ends with a StopEvent.
class ReverseExecution {
 public:
  virtual ~ReverseExecution() = default;
  virtual Result<> reverse_step(ThreadId thread) = 0;
  virtual Result<> reverse_continue() = 0;
};

struct MemoryRegion {
  enum class Kind { Ram, Rom } kind;
  Address start;
  std::uint64_t length;
};
// qXfer:memory-map:read. Regions in ascending order, without overlap.
class MemoryMap {
 public:
  virtual ~MemoryMap() = default;
  virtual std::vector<MemoryRegion> regions() = 0;
};

struct AddressRange {
  Address start;
  std::uint64_t length;  // to the end of the address space: 2^64 - start
  bool mapped, readable, writable, executable;
};
// qMemoryRegionInfo: the maximal range around an address with the same rights in the thread's address space.
class AddressSpace {
 public:
  virtual ~AddressSpace() = default;
  virtual AddressRange range_at(ThreadId thread, Address address) = 0;
};

// qXfer:threads, qThreadExtraInfo.
class ThreadInfo {
 public:
  virtual ~ThreadInfo() = default;
  virtual std::string name(ThreadId thread) = 0;   // "CPU 0"
  virtual std::string extra(ThreadId thread) = 0;  // "CPU 0 [halted] long mode"
};

// qRcmd. `print` may be called any number of times while the command runs; the client sees each text at once. A command
// that has much to do returns the rest of it, piece by piece.
class MonitorCommands {
 public:
  virtual ~MonitorCommands() = default;
  virtual Result<Piece> run(ThreadId thread, std::string_view line, const Print& print) = 0;
};

// What a client may do to the target as a whole.
class Lifecycle {
 public:
  virtual ~Lifecycle() = default;
  // R, vRun: back to the state before the first instruction, stopped; breakpoints stay, though the session has removed
  // those of a client that saw the target end. A target that runs, as it may after a detach, stops there soon, and
  // posts Signalled{Int}.
  virtual Result<> restart() = 0;
  // k, vKill: ends the target; the embedder decides what happens to the process.
  virtual void kill() = 0;
  // A client has sent its first packet.
  virtual void attached() {}
  // D, or the connection is gone: all planted breakpoints have been removed; the target runs on or not, as it was told.
  virtual void detached() = 0;
};

// QNonStop.
class NonStop {
 public:
  virtual ~NonStop() = default;
  virtual Result<> set_non_stop(bool on) = 0;
  // vCont;t: stops one running thread, which posts Signalled{None}.
  virtual Result<> stop(ThreadId thread) = 0;
};

// What a client may read by vFile: the name it is told, and the file on this host.
struct ServedFile {
  std::string name, host_path;
};
// qXfer:exec-file and vFile: the program the target runs, so that a client needs no file of its own.
class ExecFile {
 public:
  virtual ~ExecFile() = default;
  virtual ServedFile program() = 0;
};

// qXfer:libraries and vFile: ELF files that lie elsewhere than they were linked for: their segments, all by the same
// distance, or each section by itself, as a relocatable file's (ET_REL) do. GDB asks at connect and after every
// stop::LibrariesChanged, moves symbols and breakpoints, and goes on by itself. It tells libraries apart by name, so
// one that has moved needs another name. Without a program (ExecFile), which may be an ELF header alone, it loads none.
class Libraries {
 public:
  virtual ~Libraries() = default;
  struct Library {
    ServedFile file;
    Address first_segment;
    std::vector<Address> sections = {};  // of all with SHF_ALLOC, in the file's order; then there are no segments
  };
  virtual std::vector<Library> list() = 0;
};

// qqemu.* packets, which kernel plug-ins for gdb (pwndbg, GEF) and QEMU's own scripts send.
class QemuCompatibility {
 public:
  virtual ~QemuCompatibility() = default;
  // Qqemu.PhyMemMode: whether memory packets name guest-physical addresses. The stub turns it off when a client leaves.
  virtual bool physical_memory() = 0;
  virtual Result<> set_physical_memory(bool on) = 0;
  // Qqemu.sstep: what a single step holds off. The flags are ENABLE 1, NOIRQ 2, NOTIMER 4.
  virtual unsigned step_flags() = 0;
  virtual Result<> set_step_flags(unsigned flags) = 0;
};

// ---- the target ----------------------------------------------------------------------------------------------------

class Target {
 public:
  virtual ~Target() = default;

  // Constant between two refresh_description().
  virtual const TargetDescription& description() = 0;
  // A client has come, or reads the description (again, as GDB does for `unset tdesc filename`): it may change now.
  virtual void refresh_description() {}
  // At least one, ascending.
  virtual std::vector<ThreadId> threads() = 0;

  // One register, its full size, little-endian. The thread is stopped, or the call fails in words.
  virtual Result<> read_register(ThreadId thread, RegisterNumber number, MutableBytes out) = 0;
  virtual Result<> write_register(ThreadId thread, RegisterNumber number, Bytes bytes) = 0;

  // Reads as much of `out` as is readable from its start and returns how much (at least 1), or says why nothing is.
  virtual Result<std::size_t> read_memory(ThreadId thread, Address address, MutableBytes out) = 0;
  // All or nothing.
  virtual Result<> write_memory(ThreadId thread, Address address, Bytes bytes) = 0;

  // Starts the threads named. Each ends by a StopEvent (in all-stop mode the first ends all).
  virtual Result<> resume(std::span<const ThreadAction> actions) = 0;
  // Stops all running threads soon; the event is Signalled{Int} unless another reason came first.
  virtual void interrupt() = 0;
  // Whether any thread runs; false from the moment its StopEvent is posted. The stub asks when a client arrives, for
  // the embedder may have started the target before, or Lifecycle::detached() after the last client.
  virtual bool running() { return false; }

  virtual Breakpoints* breakpoints() { return nullptr; }
  virtual Watchpoints* watchpoints() { return nullptr; }
  virtual Tracepoints* tracepoints() { return nullptr; }
  virtual ReverseExecution* reverse_execution() { return nullptr; }
  virtual MemoryMap* memory_map() { return nullptr; }
  virtual AddressSpace* address_space() { return nullptr; }
  virtual ThreadInfo* thread_info() { return nullptr; }
  virtual MonitorCommands* monitor_commands() { return nullptr; }
  virtual Lifecycle* lifecycle() { return nullptr; }
  virtual NonStop* non_stop() { return nullptr; }
  virtual ExecFile* exec_file() { return nullptr; }
  virtual Libraries* libraries() { return nullptr; }
  virtual QemuCompatibility* qemu_compatibility() { return nullptr; }
  // qOffsets, which GDB asks once a connection: where the first segment of the program is that the client has symbols
  // of, if not where it was linked for.
  virtual std::optional<Address> text_segment() { return std::nullopt; }
};

}  // namespace gdbstub

// What a packet asks for: one small struct a packet family, made by parse(), consumed by the handle() of its name.
//
// Spans and views point into the packet and live as long as it does.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "gdbstub/packets/trace_command.h"
#include "gdbstub/target.h"
#include "gdbstub/types.h"

namespace gdbstub {

// A thread-id of the protocol: `p1.2`, `2`, `0` (any), `-1` (all).
struct ThreadSelector {
  enum class Kind { Any, All, One } kind = Kind::Any;
  ThreadId thread{};
  bool operator==(const ThreadSelector&) const = default;
};

// Bytecode of one agent expression, as it came with a Z packet.
using AgentBytecode = std::vector<std::uint8_t>;

namespace command {

// ---- the packet itself
struct Unsupported {};  // no such packet: the empty reply
struct Malformed {};    // a known packet whose arguments cannot be read

// ---- session
struct ExtendedMode {};    // !
struct StartNoAckMode {};  // QStartNoAckMode
struct Supported {         // qSupported[:feature;...]
  std::string_view features;
};
struct MustReplyEmpty {};          // vMustReplyEmpty
struct Symbol {};                  // qSymbol
struct EnableErrorStrings {};      // QEnableErrorStrings
struct ThreadSuffixSupported {};   // QThreadSuffixSupported
struct ListThreadsInStopReply {};  // QListThreadsInStopReply
struct Echo {                      // qEcho:text
  std::string_view packet;
};
struct SetNonStop {  // QNonStop:0|1
  bool on;
};

// ---- registers; LLDB may name the thread in a suffix
struct ReadRegisters {  // g
  std::optional<ThreadSelector> thread;
};
struct WriteRegisters {  // G
  std::optional<ThreadSelector> thread;
  Bytes bytes;
};
struct ReadRegister {  // p
  std::optional<ThreadSelector> thread;
  RegisterNumber number;
};
struct WriteRegister {  // P
  std::optional<ThreadSelector> thread;
  RegisterNumber number;
  Bytes bytes;
};
struct SaveRegisters {  // QSaveRegisterState
  std::optional<ThreadSelector> thread;
};
struct RestoreRegisters {  // QRestoreRegisterState
  std::optional<ThreadSelector> thread;
  std::uint64_t id;
};
struct RegisterInfo {  // qRegisterInfo
  std::uint64_t number;
};

// ---- memory
struct ReadMemory {  // m
  Address address;
  std::uint64_t length;
};
struct ReadMemoryBinary {  // x
  Address address;
  std::uint64_t length;
};
struct ReadMemoryRanges {  // MultiMemRead
  struct Range {
    Address address;
    std::uint64_t length;
  };
  std::vector<Range> ranges;
};
struct WriteMemory {  // M, X
  Address address;
  Bytes bytes;
};
struct SearchMemory {  // qSearch:memory
  Address address;
  std::uint64_t length;
  Bytes pattern;
};
struct ChecksumMemory {  // qCRC
  Address address;
  std::uint64_t length;
};
struct MemoryRegionInfo {          // qMemoryRegionInfo
  std::optional<Address> address;  // nullopt: is it supported?
};

// ---- threads
struct SelectThread {  // Hg, Hc
  enum class For { General, Continue } purpose;
  ThreadSelector thread;
};
struct ThreadAlive {  // T
  ThreadSelector thread;
};
struct CurrentThread {};    // qC
struct FirstThreadInfo {};  // qfThreadInfo
struct NextThreadInfo {};   // qsThreadInfo
struct ThreadExtraInfo {    // qThreadExtraInfo
  ThreadSelector thread;
};
struct ThreadStopInfo {  // qThreadStopInfo
  ThreadSelector thread;
};
struct ThreadsInfoJson {};  // jThreadsInfo

// ---- run control
struct StopQuery {};  // ?
struct Resume {       // c C s S
  ResumeKind kind;
  Signal signal = Signal::None;
  std::optional<Address> address{};
};
struct ResumeActionsQuery {};  // vCont?
struct ResumeThreads {         // vCont
  struct Action {
    enum class Kind { Continue, Step, StepRange, Stop } kind;
    Signal signal = Signal::None;
    Address range_begin{};
    Address range_end{};
    ThreadSelector thread{ThreadSelector::Kind::All, {}};
  };
  std::vector<Action> actions;
};
struct Interrupt {};        // vCtrlC
struct NextStop {};         // vStopped
struct ReverseStep {};      // bs
struct ReverseContinue {};  // bc

// ---- breakpoints
struct PointLocation {
  std::variant<BreakpointKind, WatchKind> kind;
  Address address;
  std::uint64_t length;  // the packet's `kind`: a length for watchpoints
  friend auto operator<=>(const PointLocation&, const PointLocation&) = default;
};
struct InsertPoint {  // Z0-Z4
  PointLocation location;
  std::vector<AgentBytecode> conditions{};
  std::vector<AgentBytecode> commands{};
};
struct RemovePoint {  // z0-z4
  PointLocation location;
};
struct WatchpointSupport {};  // qWatchpointSupportInfo

// ---- lifecycle
struct Attached {};  // qAttached
struct Offsets {};   // qOffsets
struct Attach {};    // vAttach
struct Detach {};    // D
struct Kill {        // k, vKill
  enum class Form { Silent, Acknowledged } form;
};
struct Restart {  // R, vRun
  enum class Form { Silent, WithStopReply } form;
};

// ---- transfers, text, information
struct Transfer {  // qXfer:object:read:annex:offset,length
  enum class Object { Features, Threads, MemoryMap, ExecFile, Libraries, TraceFrame } object;
  std::string_view annex;
  std::uint64_t offset;
  std::uint64_t length;
};
struct Monitor {  // qRcmd
  Bytes line;
};
struct HostInfo {};          // qHostInfo
struct ProcessInfo {};       // qProcessInfo
struct WorkingDirectory {};  // qGetWorkingDir

// ---- QEMU compatibility
struct QemuSupported {};   // qqemu.Supported
struct QemuStepBits {};    // qqemu.sstepbits
struct QemuStepFlags {};   // qqemu.sstep
struct SetQemuStepFlags {  // Qqemu.sstep
  std::uint64_t flags;
};
struct QemuPhysicalMemory {};   // qqemu.PhyMemMode
struct SetQemuPhysicalMemory {  // Qqemu.PhyMemMode
  bool on;
};

// ---- files of the target (vFile)
struct FileSetFs {};
struct FileOpen {
  Bytes path;
};
struct FileRead {
  std::uint64_t fd, count, offset;
};
struct FileStat {
  std::uint64_t fd;
};
struct FileClose {
  std::uint64_t fd;
};

}  // namespace command

using Command = std::variant<
    command::Unsupported, command::Malformed, command::ExtendedMode, command::StartNoAckMode, command::Supported,
    command::MustReplyEmpty, command::Symbol, command::EnableErrorStrings, command::ThreadSuffixSupported,
    command::ListThreadsInStopReply, command::Echo, command::SetNonStop, command::ReadRegisters,
    command::WriteRegisters, command::ReadRegister, command::WriteRegister, command::SaveRegisters,
    command::RestoreRegisters, command::RegisterInfo, command::ReadMemory, command::ReadMemoryBinary,
    command::ReadMemoryRanges, command::WriteMemory, command::SearchMemory, command::ChecksumMemory,
    command::MemoryRegionInfo, command::SelectThread, command::ThreadAlive, command::CurrentThread,
    command::FirstThreadInfo, command::NextThreadInfo, command::ThreadExtraInfo, command::ThreadStopInfo,
    command::ThreadsInfoJson, command::StopQuery, command::Resume, command::ResumeActionsQuery, command::ResumeThreads,
    command::Interrupt, command::NextStop, command::ReverseStep, command::ReverseContinue, command::InsertPoint,
    command::RemovePoint, command::WatchpointSupport, command::Attached, command::Attach, command::Detach,
    command::Kill, command::Restart, command::Offsets, command::Transfer, command::Monitor, command::HostInfo,
    command::ProcessInfo, command::WorkingDirectory, command::QemuSupported, command::QemuStepBits,
    command::QemuStepFlags, command::SetQemuStepFlags, command::QemuPhysicalMemory, command::SetQemuPhysicalMemory,
    command::FileSetFs, command::FileOpen, command::FileRead, command::FileStat, command::FileClose, command::TraceInit,
    command::DefineTracepoint, command::DefineTraceActions, command::DefineTraceSource, command::DefineTraceVariable,
    command::DefineReadOnly, command::EnableTracepoint, command::FirstTracepoint, command::NextTracepoint,
    command::FirstTraceVariable, command::NextTraceVariable, command::StartTrace, command::StopTrace,
    command::QueryTrace, command::QueryTracepoint, command::QueryTraceVariable, command::SetTraceDisconnected,
    command::SetTraceNotes, command::QueryFastLength, command::SetTraceBufferSize, command::SetTraceCircular,
    command::SelectFrame, command::ReadTraceBuffer, command::SaveTrace>;

}  // namespace gdbstub

// One debugger's conversation with one target, without any I/O: bytes and events in, bytes out.
#pragma once

#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gdbstub/packet_trace.h"
#include "gdbstub/packets/parser.h"
#include "gdbstub/session/breakpoint_table.h"
#include "gdbstub/session/client.h"
#include "gdbstub/session/register_layout.h"
#include "gdbstub/session/stop_reply.h"
#include "gdbstub/target.h"
#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/reply.h"

namespace gdbstub {

// Lives as long as its target; clients come and go. All functions are called on the target's thread. What the target
// posts is handed to handle_event() whether or not a client is there, so that the next one learns of it.
class Session {
 public:
  explicit Session(Target& target);

  // Bytes from the client, in pieces of any size; returns the bytes for it.
  std::string receive(Bytes input);
  // The same for clients that are not to be trusted with memory: consumes `input` from its front, and stops early once
  // there is about a packet's worth of output to be sent.
  std::string receive_some(Bytes& input);
  // An event of the target; returns the bytes for the client (none if there is none).
  std::string handle_event(TargetEvent event);
  // The connection is gone. Lifts all breakpoints and watchpoints of the client and tells Lifecycle::detached(), unless
  // it had detached or killed the target itself or never sent a packet. The next byte received is a new client's.
  void disconnected();
  // Told of every packet from now on, in the order of the conversation; empty for nobody.
  void set_trace(PacketTrace trace) { trace_ = std::move(trace); }

 private:
  enum class Answer { Reply, Nothing };
  using Handled = Result<Answer>;
  enum class Awaiting { Nothing, Resumed, Query };  // what the next stop event answers

  // session.cpp: packets and their answers
  void take(const wire::Packet& packet);
  void take(const wire::Ack&) {}
  void take(const wire::Nack&);
  void take(const wire::Interrupt&);
  void take(const wire::BadChecksum&);
  void take(const wire::Oversize&);
  void attach();
  void renew_description();
  void lift_everything();
  void answer(const Request& request);
  void answer_error(const Error& error);
  void write_error(Reply& reply, const Error& error, bool shows_text);
  void send(Reply& reply);
  void trace(PacketDirection direction, std::string_view text) const;
  void console(std::string_view text);                       // an O packet
  void console_before(Reply& reply, std::string_view text);  // the same in front of a reply still empty
  void remark(std::string_view text);
  void flush_remarks(Reply& reply);

  // resume.cpp: run control
  Handled resume(std::span<const ThreadAction> actions, Reply& reply);
  Handled resumed(Reply& reply);
  std::vector<ThreadAction> actions_for_threads(const command::ResumeThreads& command);
  Result<> stop_threads(const command::ResumeThreads& command);
  bool is_resumable(ThreadId thread) const;
  Result<> set_pc(ThreadId thread, Address address);
  void interrupt();
  bool answer_due_interrupt(Reply& reply);
  void on_stop(StopEvent event);
  void on_console(const ConsoleOutput& output);
  void send_stop_reply(const StopEvent& event);
  void notify_stop(StopEvent event);
  void notify_first();
  Handled answer_stop(Reply& reply);
  Handled answer_stopped_threads(Reply& reply);
  StopEvent present_stop();
  StopReplyContext stop_context() const { return {target_, *registers_, client_}; }

  // Shared by the handlers
  Result<> require_stopped() const;
  Result<ThreadId> resolve(const ThreadSelector& selector);
  Result<ThreadId> resolve(const std::optional<ThreadSelector>& selector);
  ThreadId general_thread();
  Result<> read_fully(Address address, MutableBytes out);
  Result<> read_whole(ThreadId thread, RegisterNumber number, std::vector<std::uint8_t>& out);
  Result<> write_all(ThreadId thread, Bytes bytes);
  static Handled ok(Reply& reply);
  static Handled result(Reply& reply, const Result<>& done);

  // session.cpp
  Handled handle(const command::Unsupported&, Reply&);
  Handled handle(const command::Malformed&, Reply&);
  Handled handle(const command::ExtendedMode&, Reply&);
  Handled handle(const command::StartNoAckMode&, Reply&);
  Handled handle(const command::Supported&, Reply&);
  Handled handle(const command::MustReplyEmpty&, Reply&);
  Handled handle(const command::Symbol&, Reply&);
  // registers.cpp
  Handled handle(const command::ReadRegisters&, Reply&);
  Handled handle(const command::WriteRegisters&, Reply&);
  Handled handle(const command::ReadRegister&, Reply&);
  Handled handle(const command::WriteRegister&, Reply&);
  Handled handle(const command::SaveRegisters&, Reply&);
  Handled handle(const command::RestoreRegisters&, Reply&);
  // memory.cpp
  Handled handle(const command::ReadMemory&, Reply&);
  Handled handle(const command::ReadMemoryBinary&, Reply&);
  Handled handle(const command::ReadMemoryRanges&, Reply&);
  Handled handle(const command::WriteMemory&, Reply&);
  Handled handle(const command::SearchMemory&, Reply&);
  Handled handle(const command::ChecksumMemory&, Reply&);
  Handled handle(const command::MemoryRegionInfo&, Reply&);
  // threads.cpp
  Handled handle(const command::SelectThread&, Reply&);
  Handled handle(const command::ThreadAlive&, Reply&);
  Handled handle(const command::CurrentThread&, Reply&);
  Handled handle(const command::FirstThreadInfo&, Reply&);
  Handled handle(const command::NextThreadInfo&, Reply&);
  Handled handle(const command::ThreadExtraInfo&, Reply&);
  Handled handle(const command::ThreadStopInfo&, Reply&);
  // resume.cpp
  Handled handle(const command::StopQuery&, Reply&);
  Handled handle(const command::Resume&, Reply&);
  Handled handle(const command::ResumeActionsQuery&, Reply&);
  Handled handle(const command::ResumeThreads&, Reply&);
  Handled handle(const command::Interrupt&, Reply&);
  // non_stop.cpp
  Handled handle(const command::SetNonStop&, Reply&);
  Handled handle(const command::NextStop&, Reply&);
  // reverse.cpp
  Handled handle(const command::ReverseStep&, Reply&);
  Handled handle(const command::ReverseContinue&, Reply&);
  // breakpoints.cpp
  Handled handle(const command::InsertPoint&, Reply&);
  Handled handle(const command::RemovePoint&, Reply&);
  // lifecycle.cpp
  Handled handle(const command::Attached&, Reply&);
  Handled handle(const command::Attach&, Reply&);
  Handled handle(const command::Detach&, Reply&);
  Handled handle(const command::Kill&, Reply&);
  Handled handle(const command::Restart&, Reply&);
  // xfer.cpp
  Result<std::string> document(const command::Transfer& command);
  Handled handle(const command::Transfer&, Reply&);
  Handled handle(const command::Offsets&, Reply&);
  // monitor.cpp
  Handled handle(const command::Monitor&, Reply&);
  // lldb.cpp
  Handled handle(const command::EnableErrorStrings&, Reply&);
  Handled handle(const command::ThreadSuffixSupported&, Reply&);
  Handled handle(const command::ListThreadsInStopReply&, Reply&);
  Handled handle(const command::Echo&, Reply&);
  Handled handle(const command::RegisterInfo&, Reply&);
  Handled handle(const command::ThreadsInfoJson&, Reply&);
  Handled handle(const command::WatchpointSupport&, Reply&);
  Handled handle(const command::HostInfo&, Reply&);
  Handled handle(const command::ProcessInfo&, Reply&);
  Handled handle(const command::WorkingDirectory&, Reply&);
  // qemu.cpp
  Handled handle(const command::QemuSupported&, Reply&);
  Handled handle(const command::QemuStepBits&, Reply&);
  Handled handle(const command::QemuStepFlags&, Reply&);
  Handled handle(const command::SetQemuStepFlags&, Reply&);
  Handled handle(const command::QemuPhysicalMemory&, Reply&);
  Handled handle(const command::SetQemuPhysicalMemory&, Reply&);
  // files.cpp
  static Handled file_error(Reply& reply, int code);
  std::optional<ServedFile> served_file(std::string_view name) const;
  std::string list_libraries();
  std::FILE* open_file(std::uint64_t descriptor);  // nullptr: there is none
  Handled handle(const command::FileSetFs&, Reply&);
  Handled handle(const command::FileOpen&, Reply&);
  Handled handle(const command::FileRead&, Reply&);
  Handled handle(const command::FileStat&, Reply&);
  Handled handle(const command::FileClose&, Reply&);

  Target& target_;
  Decoder decoder_;
  PacketTrace trace_;
  std::string* out_ = nullptr;  // where the present call collects its bytes
  Client client_;
  // Left: it detached or killed, and is still connected. Killed: the same in extended mode, with the target kept.
  enum class Tenure { None, Attached, Left, Killed };
  Tenure tenure_ = Tenure::None;
  bool resends_ = true;
  std::string last_packet_;  // for a NACK; kept in ack mode only
  std::optional<RegisterLayout> registers_;

  bool running_ = false;  // all-stop: the target has been resumed
  Awaiting awaiting_ = Awaiting::Nothing;
  std::optional<StopEvent> last_stop_;
  ThreadSelector general_thread_;
  ThreadSelector continue_thread_{ThreadSelector::Kind::All, {}};

  std::map<ThreadId, StopEvent> stopped_;  // non-stop: the threads that are stopped, and why
  std::deque<StopEvent> notices_;          // non-stop: stops not yet acknowledged; the first has been sent
  std::deque<StopEvent> later_;            // non-stop: notices that wait until all of notices_ are acknowledged

  BreakpointTable planted_;
  std::string remarks_;  // console text that waits for a time at which the client listens
  std::map<std::uint64_t, std::vector<std::uint8_t>> saved_registers_;
  std::uint64_t next_save_ = 1;
  std::string transfer_key_;   // object and annex of the document below
  std::string transfer_text_;  // a document that a client reads piece by piece, generated once
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using OpenFile = std::unique_ptr<std::FILE, CloseFile>;
  std::vector<ServedFile> library_files_;  // of the libraries that the client was last told of
  std::vector<OpenFile> files_;            // by descriptor - 1; null: free
};

}  // namespace gdbstub

// The table of all packets: prefix, the capability needed, parser.
#include "gdbstub/packets/parser.h"

#include <array>
#include <string_view>

#include "gdbstub/packets/parsers.h"

namespace gdbstub {
namespace {

using namespace packets;
using Object = command::Transfer::Object;

struct Entry {
  std::string_view prefix;
  enum class Rest { Nothing, Anything } rest;
  Capability needs;
  Parse parse;
};
constexpr auto exact = Entry::Rest::Nothing;
constexpr auto prefix = Entry::Rest::Anything;
constexpr Capability traces = offers<&Target::tracepoints>;

// In the order in which they are tried: a prefix that begins another one comes after it. R and k have no reply, not
// even an empty one, so their handlers see for themselves whether there is a Lifecycle.
constexpr std::array table{
    Entry{"!", exact, always, plain<command::ExtendedMode>},
    Entry{"?", exact, always, plain<command::StopQuery>},
    Entry{"C", prefix, always, resume_with_signal_as<ResumeKind::Continue>},
    Entry{"D", prefix, always, detach},
    Entry{"G", prefix, always, write_registers},
    Entry{"Hc", prefix, always, select_thread<command::SelectThread::For::Continue>},
    Entry{"Hg", prefix, always, select_thread<command::SelectThread::For::General>},
    Entry{"MultiMemRead:ranges:", prefix, always, read_memory_ranges},
    Entry{"M", prefix, always, write_memory_hex},
    Entry{"P", prefix, always, write_register},
    Entry{"QEnableErrorStrings", exact, always, plain<command::EnableErrorStrings>},
    Entry{"QListThreadsInStopReply", exact, always, plain<command::ListThreadsInStopReply>},
    Entry{"QNonStop:", prefix, offers<&Target::non_stop>, with_switch<command::SetNonStop>},
    Entry{"QRestoreRegisterState:", prefix, always, restore_registers},
    Entry{"QSaveRegisterState", prefix, always, with_suffix<command::SaveRegisters>},
    Entry{"QStartNoAckMode", exact, always, plain<command::StartNoAckMode>},
    Entry{"QTBuffer:circular:", prefix, traces, with_switch<command::SetTraceCircular>},
    Entry{"QTBuffer:size:", prefix, traces, set_trace_buffer_size},
    Entry{"QTDP:", prefix, traces, define_tracepoint},
    Entry{"QTDPsrc:", prefix, traces, define_trace_source},
    Entry{"QTDV:", prefix, traces, define_trace_variable},
    Entry{"QTDisable:", prefix, traces, enable_tracepoint_as<false>},
    Entry{"QTDisconnected:", prefix, traces, with_switch<command::SetTraceDisconnected>},
    Entry{"QTEnable:", prefix, traces, enable_tracepoint_as<true>},
    Entry{"QTFrame:", prefix, traces, select_frame},
    Entry{"QTNotes:", prefix, traces, set_trace_notes},
    Entry{"QTSave:", prefix, traces, save_trace},
    Entry{"QTStart", exact, traces, plain<command::StartTrace>},
    Entry{"QTStop", exact, traces, plain<command::StopTrace>},
    Entry{"QTinit", exact, traces, plain<command::TraceInit>},
    Entry{"QTro:", prefix, traces, define_read_only},
    Entry{"QThreadSuffixSupported", exact, always, plain<command::ThreadSuffixSupported>},
    Entry{"Qqemu.PhyMemMode:", prefix, offers<&Target::qemu_compatibility>,
          with_switch<command::SetQemuPhysicalMemory>},
    Entry{"Qqemu.sstepbits", exact, offers<&Target::qemu_compatibility>,
          plain<command::QemuStepBits>},  // by which pwndbg knows QEMU
    Entry{"Qqemu.sstep=", prefix, offers<&Target::qemu_compatibility>, with_number<command::SetQemuStepFlags>},
    Entry{"R", prefix, always, in_form<command::Restart, command::Restart::Form::Silent>},
    Entry{"S", prefix, always, resume_with_signal_as<ResumeKind::Step>},
    Entry{"T", prefix, always, with_thread<command::ThreadAlive>},
    Entry{"X", prefix, always, write_memory_binary},
    Entry{"Z0", prefix, offers<&Target::breakpoints>, insert<BreakpointKind::Software>},
    Entry{"Z1", prefix, offers<&Target::breakpoints>, insert<BreakpointKind::Hardware>},
    Entry{"Z2", prefix, offers<&Target::watchpoints>, insert<WatchKind::Write>},
    Entry{"Z3", prefix, offers<&Target::watchpoints>, insert<WatchKind::Read>},
    Entry{"Z4", prefix, offers<&Target::watchpoints>, insert<WatchKind::Access>},
    Entry{"bc", exact, offers<&Target::reverse_execution>, plain<command::ReverseContinue>},
    Entry{"bs", exact, offers<&Target::reverse_execution>, plain<command::ReverseStep>},
    Entry{"c", prefix, always, resume_as<ResumeKind::Continue>},
    Entry{"g", prefix, always, with_suffix<command::ReadRegisters>},
    Entry{"jThreadsInfo", exact, always, plain<command::ThreadsInfoJson>},
    Entry{"k", exact, always, in_form<command::Kill, command::Kill::Form::Silent>},
    Entry{"m", prefix, always, with_range<command::ReadMemory>},
    Entry{"p", prefix, always, read_register},
    Entry{"qAttached", prefix, always, plain<command::Attached>},
    Entry{"qC", exact, always, plain<command::CurrentThread>},
    Entry{"qCRC:", prefix, always, with_range<command::ChecksumMemory>},
    Entry{"qEcho:", prefix, always, echo},
    Entry{"qGetWorkingDir", exact, always, plain<command::WorkingDirectory>},
    Entry{"qHostInfo", exact, always, plain<command::HostInfo>},
    Entry{"qMemoryRegionInfo", prefix, offers<&Target::address_space>, memory_region_info},
    Entry{"qOffsets", exact, always, plain<command::Offsets>},
    Entry{"qProcessInfo", exact, always, plain<command::ProcessInfo>},
    Entry{"qRcmd,", prefix, offers<&Target::monitor_commands>, monitor},
    Entry{"qRegisterInfo", prefix, always, with_number<command::RegisterInfo>},
    Entry{"qSearch:memory:", prefix, always, search_memory},
    Entry{"qSupported", prefix, always, supported},
    Entry{"qSymbol:", prefix, always, plain<command::Symbol>},
    Entry{"qTBuffer:", prefix, traces, read_trace_buffer},
    Entry{"qTMinFTPILen", exact, traces, plain<command::QueryFastLength>},
    Entry{"qTP:", prefix, traces, query_tracepoint},
    Entry{"qTStatus", exact, traces, plain<command::QueryTrace>},
    Entry{"qTV:", prefix, traces, query_trace_variable},
    Entry{"qTfP", exact, traces, plain<command::FirstTracepoint>},
    Entry{"qTfV", exact, traces, plain<command::FirstTraceVariable>},
    Entry{"qTsP", exact, traces, plain<command::NextTracepoint>},
    Entry{"qTsV", exact, traces, plain<command::NextTraceVariable>},
    Entry{"qThreadExtraInfo,", prefix, offers<&Target::thread_info>, with_thread<command::ThreadExtraInfo>},
    Entry{"qThreadStopInfo", prefix, always, with_thread<command::ThreadStopInfo>},
    Entry{"qWatchpointSupportInfo:", exact, offers<&Target::watchpoints>, plain<command::WatchpointSupport>},
    Entry{"qXfer:exec-file:read:", prefix, offers<&Target::exec_file>, transfer_of<Object::ExecFile>},
    Entry{"qXfer:features:read:", prefix, always, transfer_of<Object::Features>},
    Entry{"qXfer:libraries:read:", prefix, offers<&Target::libraries>, transfer_of<Object::Libraries>},
    Entry{"qXfer:memory-map:read:", prefix, offers<&Target::memory_map>, transfer_of<Object::MemoryMap>},
    Entry{"qXfer:threads:read:", prefix, always, transfer_of<Object::Threads>},
    Entry{"qXfer:traceframe-info:read:", prefix, traces, transfer_of<Object::TraceFrame>},
    Entry{"qfThreadInfo", exact, always, plain<command::FirstThreadInfo>},
    Entry{"qqemu.PhyMemMode", exact, offers<&Target::qemu_compatibility>, plain<command::QemuPhysicalMemory>},
    Entry{"qqemu.Supported", exact, offers<&Target::qemu_compatibility>, plain<command::QemuSupported>},
    Entry{"qqemu.sstepbits", exact, offers<&Target::qemu_compatibility>, plain<command::QemuStepBits>},
    Entry{"qqemu.sstep", exact, offers<&Target::qemu_compatibility>, plain<command::QemuStepFlags>},
    Entry{"qsThreadInfo", exact, always, plain<command::NextThreadInfo>},
    Entry{"s", prefix, always, resume_as<ResumeKind::Step>},
    Entry{"vAttach;", prefix, always, plain<command::Attach>},
    Entry{"vCont;", prefix, always, resume_threads},
    Entry{"vCont?", exact, always, plain<command::ResumeActionsQuery>},
    Entry{"vCtrlC", exact, always, plain<command::Interrupt>},
    Entry{"vFile:close:", prefix, offers_files, with_number<command::FileClose>},
    Entry{"vFile:fstat:", prefix, offers_files, with_number<command::FileStat>},
    Entry{"vFile:open:", prefix, offers_files, file_open},
    Entry{"vFile:pread:", prefix, offers_files, file_read},
    Entry{"vFile:setfs:", prefix, offers_files, plain<command::FileSetFs>},
    Entry{"vKill;", prefix, offers<&Target::lifecycle>, in_form<command::Kill, command::Kill::Form::Acknowledged>},
    Entry{"vMustReplyEmpty", exact, always, plain<command::MustReplyEmpty>},
    Entry{"vRun", prefix, offers<&Target::lifecycle>, in_form<command::Restart, command::Restart::Form::WithStopReply>},
    Entry{"vStopped", exact, offers<&Target::non_stop>, plain<command::NextStop>},
    Entry{"x", prefix, always, with_range<command::ReadMemoryBinary>},
    Entry{"z0", prefix, offers<&Target::breakpoints>, remove<BreakpointKind::Software>},
    Entry{"z1", prefix, offers<&Target::breakpoints>, remove<BreakpointKind::Hardware>},
    Entry{"z2", prefix, offers<&Target::watchpoints>, remove<WatchKind::Write>},
    Entry{"z3", prefix, offers<&Target::watchpoints>, remove<WatchKind::Read>},
    Entry{"z4", prefix, offers<&Target::watchpoints>, remove<WatchKind::Access>},
};

}  // namespace

Request parse(std::span<char> payload) {
  const std::string_view text(payload.data(), payload.size());
  for (const Entry& entry : table) {
    if (!text.starts_with(entry.prefix)) continue;
    if (entry.rest == exact && text.size() != entry.prefix.size()) continue;
    return {entry.parse(PacketArguments(payload.subspan(entry.prefix.size()))), entry.needs};
  }
  return {command::Unsupported{}, always};
}

}  // namespace gdbstub

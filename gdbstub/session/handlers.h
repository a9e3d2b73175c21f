// One handler a packet, an overload set: a command without one does not compile. They are called only when the target
// has the capability that the packet needs, with a reply that is still empty.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// negotiation.cpp
Handled handle(Conversation&, const command::Unsupported&, Reply&);
Handled handle(Conversation&, const command::Malformed&, Reply&);
Handled handle(Conversation&, const command::ExtendedMode&, Reply&);
Handled handle(Conversation&, const command::StartNoAckMode&, Reply&);
Handled handle(Conversation&, const command::Supported&, Reply&);
Handled handle(Conversation&, const command::MustReplyEmpty&, Reply&);
Handled handle(Conversation&, const command::Symbol&, Reply&);

// registers.cpp
Handled handle(Conversation&, const command::ReadRegisters&, Reply&);
Handled handle(Conversation&, const command::WriteRegisters&, Reply&);
Handled handle(Conversation&, const command::ReadRegister&, Reply&);
Handled handle(Conversation&, const command::WriteRegister&, Reply&);
Handled handle(Conversation&, const command::SaveRegisters&, Reply&);
Handled handle(Conversation&, const command::RestoreRegisters&, Reply&);

// memory.cpp
Handled handle(Conversation&, const command::ReadMemory&, Reply&);
Handled handle(Conversation&, const command::ReadMemoryBinary&, Reply&);
Handled handle(Conversation&, const command::ReadMemoryRanges&, Reply&);
Handled handle(Conversation&, const command::WriteMemory&, Reply&);
Handled handle(Conversation&, const command::MemoryRegionInfo&, Reply&);

// memory_scan.cpp
Handled handle(Conversation&, const command::SearchMemory&, Reply&);
Handled handle(Conversation&, const command::ChecksumMemory&, Reply&);

// threads.cpp
Handled handle(Conversation&, const command::SelectThread&, Reply&);
Handled handle(Conversation&, const command::ThreadAlive&, Reply&);
Handled handle(Conversation&, const command::CurrentThread&, Reply&);
Handled handle(Conversation&, const command::FirstThreadInfo&, Reply&);
Handled handle(Conversation&, const command::NextThreadInfo&, Reply&);
Handled handle(Conversation&, const command::ThreadExtraInfo&, Reply&);
Handled handle(Conversation&, const command::ThreadStopInfo&, Reply&);

// stops.cpp
Handled handle(Conversation&, const command::StopQuery&, Reply&);
Handled handle(Conversation&, const command::Interrupt&, Reply&);

// resume.cpp
Handled handle(Conversation&, const command::ResumeActionsQuery&, Reply&);
Handled handle(Conversation&, const command::Resume&, Reply&);
Handled handle(Conversation&, const command::ResumeThreads&, Reply&);

// non_stop.cpp
Handled handle(Conversation&, const command::SetNonStop&, Reply&);
Handled handle(Conversation&, const command::NextStop&, Reply&);

// reverse.cpp
Handled handle(Conversation&, const command::ReverseStep&, Reply&);
Handled handle(Conversation&, const command::ReverseContinue&, Reply&);

// breakpoints.cpp
Handled handle(Conversation&, const command::InsertPoint&, Reply&);
Handled handle(Conversation&, const command::RemovePoint&, Reply&);

// lifecycle.cpp
Handled handle(Conversation&, const command::Attached&, Reply&);
Handled handle(Conversation&, const command::Attach&, Reply&);
Handled handle(Conversation&, const command::Detach&, Reply&);
Handled handle(Conversation&, const command::Kill&, Reply&);
Handled handle(Conversation&, const command::Restart&, Reply&);

// xfer.cpp
Handled handle(Conversation&, const command::Transfer&, Reply&);
Handled handle(Conversation&, const command::Offsets&, Reply&);

// monitor.cpp
Handled handle(Conversation&, const command::Monitor&, Reply&);

// lldb.cpp
Handled handle(Conversation&, const command::EnableErrorStrings&, Reply&);
Handled handle(Conversation&, const command::ThreadSuffixSupported&, Reply&);
Handled handle(Conversation&, const command::ListThreadsInStopReply&, Reply&);
Handled handle(Conversation&, const command::Echo&, Reply&);
Handled handle(Conversation&, const command::RegisterInfo&, Reply&);
Handled handle(Conversation&, const command::ThreadsInfoJson&, Reply&);
Handled handle(Conversation&, const command::WatchpointSupport&, Reply&);
Handled handle(Conversation&, const command::HostInfo&, Reply&);
Handled handle(Conversation&, const command::ProcessInfo&, Reply&);
Handled handle(Conversation&, const command::WorkingDirectory&, Reply&);

// trace_definitions.cpp
Handled handle(Conversation&, const command::TraceInit&, Reply&);
Handled handle(Conversation&, const command::DefineTracepoint&, Reply&);
Handled handle(Conversation&, const command::DefineTraceActions&, Reply&);
Handled handle(Conversation&, const command::DefineTraceSource&, Reply&);
Handled handle(Conversation&, const command::DefineTraceVariable&, Reply&);
Handled handle(Conversation&, const command::DefineReadOnly&, Reply&);
Handled handle(Conversation&, const command::EnableTracepoint&, Reply&);
Handled handle(Conversation&, const command::FirstTracepoint&, Reply&);
Handled handle(Conversation&, const command::NextTracepoint&, Reply&);
Handled handle(Conversation&, const command::FirstTraceVariable&, Reply&);
Handled handle(Conversation&, const command::NextTraceVariable&, Reply&);

// trace_run.cpp
Handled handle(Conversation&, const command::StartTrace&, Reply&);
Handled handle(Conversation&, const command::StopTrace&, Reply&);
Handled handle(Conversation&, const command::QueryTrace&, Reply&);
Handled handle(Conversation&, const command::QueryTracepoint&, Reply&);
Handled handle(Conversation&, const command::QueryTraceVariable&, Reply&);
Handled handle(Conversation&, const command::SetTraceDisconnected&, Reply&);
Handled handle(Conversation&, const command::SetTraceNotes&, Reply&);
Handled handle(Conversation&, const command::QueryFastLength&, Reply&);
Handled handle(Conversation&, const command::SetTraceBufferSize&, Reply&);
Handled handle(Conversation&, const command::SetTraceCircular&, Reply&);

// trace_frames.cpp
Handled handle(Conversation&, const command::SelectFrame&, Reply&);
Handled handle(Conversation&, const command::ReadTraceBuffer&, Reply&);
Handled handle(Conversation&, const command::SaveTrace&, Reply&);

// qemu.cpp
Handled handle(Conversation&, const command::QemuSupported&, Reply&);
Handled handle(Conversation&, const command::QemuStepBits&, Reply&);
Handled handle(Conversation&, const command::QemuStepFlags&, Reply&);
Handled handle(Conversation&, const command::SetQemuStepFlags&, Reply&);
Handled handle(Conversation&, const command::QemuPhysicalMemory&, Reply&);
Handled handle(Conversation&, const command::SetQemuPhysicalMemory&, Reply&);

// files.cpp
Handled handle(Conversation&, const command::FileSetFs&, Reply&);
Handled handle(Conversation&, const command::FileOpen&, Reply&);
Handled handle(Conversation&, const command::FileRead&, Reply&);
Handled handle(Conversation&, const command::FileStat&, Reply&);
Handled handle(Conversation&, const command::FileClose&, Reply&);

}  // namespace gdbstub

// The table from packet prefixes to parsers, in the order in which they are tried, and the parsers.
#include "gdbstub/packets/parser.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "gdbstub/packets/arguments.h"
#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub {
namespace {

using Parse = Command (*)(Arguments);

// A packet without arguments that asks for `C`.
template <class C>
Command plain(Arguments) {
  return C{};
}
template <class C>
Command with_thread(Arguments args) {
  const auto thread = args.take_thread();
  if (!thread || !args.empty()) return command::Malformed{};
  return C{*thread};
}
template <class C>
Command with_range(Arguments args) {
  const auto range = args.take_range();
  if (!range || !args.empty()) return command::Malformed{};
  return C{range->address, range->length};
}
template <class C>
Command with_number(Arguments args) {
  args.take("0x");
  const auto number = args.take_hex();
  if (!number || !args.empty()) return command::Malformed{};
  return C{*number};
}
template <class C>
Command with_switch(Arguments args) {
  if (args.text() == "0") return C{false};
  if (args.text() == "1") return C{true};
  return command::Malformed{};
}
// The suffix alone: g, QSaveRegisterState.
template <class C>
Command with_suffix(Arguments args) {
  const auto thread = args.cut_thread_suffix();
  if (!args.empty()) return command::Malformed{};
  return C{thread};
}

Command supported(Arguments args) {
  if (!args.empty() && !args.take(":")) return command::Unsupported{};
  return command::Supported{args.text()};
}

Command echo(Arguments args) { return command::Echo{args.text()}; }

Command write_registers(Arguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto bytes = decode_hex(args.rest());
  if (!bytes) return command::Malformed{};
  return command::WriteRegisters{thread, *bytes};
}

std::optional<RegisterNumber> take_register(Arguments& args) {
  const auto number = args.take_hex();
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return RegisterNumber{static_cast<std::uint32_t>(*number)};
}

Command read_register(Arguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto number = take_register(args);
  if (!number || !args.empty()) return command::Malformed{};
  return command::ReadRegister{thread, *number};
}

Command write_register(Arguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto number = take_register(args);
  if (!number || !args.take("=")) return command::Malformed{};
  const auto bytes = decode_hex(args.rest());
  if (!bytes) return command::Malformed{};
  return command::WriteRegister{thread, *number, *bytes};
}

Command restore_registers(Arguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto id = args.take_decimal();
  if (!id || !args.empty()) return command::Malformed{};
  return command::RestoreRegisters{thread, *id};
}

// ADDRESS,LENGTH,ADDRESS,LENGTH; and perhaps `options:`, of which there are none yet.
Command read_memory_ranges(Arguments args) {
  command::ReadMemoryRanges command;
  do {
    const auto range = args.take_range();
    if (!range) return command::Malformed{};
    command.ranges.push_back({range->address, range->length});
  } while (args.take(","));
  if (!args.take(";")) return command::Malformed{};
  args.take("options:;");
  if (!args.empty()) return command::Malformed{};
  return command;
}

Command write_memory_hex(Arguments args) {
  const auto range = args.take_range();
  if (!range || !args.take(":")) return command::Malformed{};
  const auto bytes = decode_hex(args.rest());
  if (!bytes || bytes->size() != range->length) return command::Malformed{};
  return command::WriteMemory{range->address, *bytes};
}

Command write_memory_binary(Arguments args) {
  const auto range = args.take_range();
  if (!range || !args.take(":") || args.bytes().size() != range->length) return command::Malformed{};
  return command::WriteMemory{range->address, args.bytes()};
}

// qSearch:memory:ADDRESS;LENGTH;PATTERN
Command search_memory(Arguments args) {
  const auto address = args.take_address();
  if (!address || !args.take(";")) return command::Malformed{};
  const auto length = args.take_hex();
  if (!length || !args.take(";") || args.empty()) return command::Malformed{};
  return command::SearchMemory{*address, *length, args.bytes()};
}

Command memory_region_info(Arguments args) {
  if (args.empty()) return command::MemoryRegionInfo{};
  const auto address = args.take(":") ? args.take_address() : std::nullopt;
  if (!address || !args.empty()) return command::Malformed{};
  return command::MemoryRegionInfo{address};
}

Command select_thread(Arguments args) {
  using For = command::SelectThread::For;
  const bool general = args.take("g");
  if (!general && !args.take("c")) return command::Unsupported{};
  const auto thread = args.take_thread();
  if (!thread || !args.empty()) return command::Malformed{};
  return command::SelectThread{general ? For::General : For::Continue, *thread};
}

// c [ADDRESS], s [ADDRESS]
template <ResumeKind kind>
Command resume(Arguments args) {
  if (args.empty()) return command::Resume{kind};
  const auto address = args.take_address();
  if (!address || !args.empty()) return command::Malformed{};
  return command::Resume{kind, Signal::None, address};
}

// C SIGNAL[;ADDRESS], S SIGNAL[;ADDRESS]
template <ResumeKind kind>
Command resume_with_signal(Arguments args) {
  const auto signal = args.take_signal();
  if (!signal) return command::Malformed{};
  if (args.empty()) return command::Resume{kind, *signal};
  const auto address = args.take(";") ? args.take_address() : std::nullopt;
  if (!address || !args.empty()) return command::Malformed{};
  return command::Resume{kind, *signal, address};
}

using Action = command::ResumeThreads::Action;

// The letter of one vCont action and what follows it, without the thread.
std::optional<Action> take_action(Arguments& args) {
  if (args.take("c")) return Action{Action::Kind::Continue};
  if (args.take("s")) return Action{Action::Kind::Step};
  if (args.take("t")) return Action{Action::Kind::Stop};
  if (args.take("r")) {
    const auto range = args.take_range();  // START,END
    if (!range) return std::nullopt;
    return Action{Action::Kind::StepRange, Signal::None, range->address, Address{range->length}};
  }
  const bool continues = args.take("C");
  if (!continues && !args.take("S")) return std::nullopt;
  const auto signal = args.take_signal();
  if (!signal) return std::nullopt;
  return Action{continues ? Action::Kind::Continue : Action::Kind::Step, *signal};
}

// vCont;ACTION[:THREAD];...
Command resume_threads(Arguments args) {
  command::ResumeThreads command;
  while (!args.empty()) {
    Arguments part(args.take_until(';'));
    auto action = take_action(part);
    if (!action) return command::Malformed{};
    if (part.take(":")) {
      const auto thread = part.take_thread();
      if (!thread) return command::Malformed{};
      action->thread = *thread;
    }
    if (!part.empty()) return command::Malformed{};
    command.actions.push_back(*action);
  }
  if (command.actions.empty()) return command::Malformed{};
  return command;
}

// X LENGTH,BYTES ... with nothing between the expressions.
bool take_expressions(Arguments& args, std::vector<AgentBytecode>& expressions) {
  while (args.take("X")) {
    const auto length = args.take_hex();
    if (!length || *length > packet_size || !args.take(",")) return false;
    const auto digits = args.take_count(*length * 2);
    const auto bytes = digits ? decode_hex(*digits) : std::nullopt;
    if (!bytes) return false;
    expressions.emplace_back(bytes->begin(), bytes->end());
  }
  return true;
}

// TYPE,ADDRESS,KIND
std::optional<command::PointLocation> take_location(Arguments& args) {
  static constexpr std::array<std::variant<BreakpointKind, WatchKind>, 5> kinds{
      BreakpointKind::Software, BreakpointKind::Hardware, WatchKind::Write, WatchKind::Read, WatchKind::Access};
  const auto type = args.take_hex();
  if (!type || *type >= kinds.size() || !args.take(",")) return std::nullopt;
  const auto range = args.take_range();
  if (!range) return std::nullopt;
  return command::PointLocation{kinds[*type], range->address, range->length};
}

bool is_known_point(const Arguments& args) { return !args.empty() && args.text()[0] >= '0' && args.text()[0] <= '4'; }

// Z LOCATION[;X...][;cmds:PERSIST,X...]
Command insert_point(Arguments args) {
  if (!is_known_point(args)) return command::Unsupported{};
  const auto location = take_location(args);
  if (!location) return command::Malformed{};
  command::InsertPoint command{*location};
  while (args.take(";")) {
    if (args.take("cmds:")) {
      if (!args.take_hex() || !args.take(",") || !take_expressions(args, command.commands)) return command::Malformed{};
    } else if (!take_expressions(args, command.conditions)) {
      return command::Malformed{};
    }
  }
  if (!args.empty()) return command::Malformed{};
  return command;
}

Command remove_point(Arguments args) {
  if (!is_known_point(args)) return command::Unsupported{};
  const auto location = take_location(args);
  if (!location || !args.empty()) return command::Malformed{};
  return command::RemovePoint{*location};
}

Command detach(Arguments args) {  // D, D;PROCESS
  if (!args.empty() && !(args.take(";") && args.take_hex() && args.empty())) return command::Malformed{};
  return command::Detach{};
}

Command transfer(Arguments args) {
  const auto object = args.take_until(':');
  if (!args.take("read:")) return command::Unsupported{};
  const auto annex = args.take_until(':');
  const auto range = args.take_range();  // OFFSET,LENGTH
  if (!range || !args.empty()) return command::Malformed{};
  return command::Transfer{
      {object.data(), object.size()}, {annex.data(), annex.size()}, range->address.value, range->length};
}

Command monitor(Arguments args) {
  const auto line = decode_hex(args.rest());
  if (!line) return command::Malformed{};
  return command::Monitor{*line};
}

// vFile:open:PATH,FLAGS,MODE; what is opened for writing fails when it is written.
Command file_open(Arguments args) {
  const auto path = decode_hex(args.take_until(','));
  if (!path) return command::Malformed{};
  return command::FileOpen{*path};
}

Command file_read(Arguments args) {
  const auto fd = args.take_hex();
  if (!fd || !args.take(",")) return command::Malformed{};
  const auto range = args.take_range();  // COUNT,OFFSET
  if (!range || !args.empty()) return command::Malformed{};
  return command::FileRead{*fd, range->address.value, range->length};
}

struct Entry {
  std::string_view prefix;
  enum class Rest { Nothing, Anything } rest;
  Parse parse;
};
constexpr auto exact = Entry::Rest::Nothing;
constexpr auto prefix = Entry::Rest::Anything;

// A prefix that begins another one comes after it.
constexpr std::array table{
    Entry{"!", exact, plain<command::ExtendedMode>},
    Entry{"?", exact, plain<command::StopQuery>},
    Entry{"C", prefix, resume_with_signal<ResumeKind::Continue>},
    Entry{"D", prefix, detach},
    Entry{"G", prefix, write_registers},
    Entry{"H", prefix, select_thread},
    Entry{"MultiMemRead:ranges:", prefix, read_memory_ranges},
    Entry{"M", prefix, write_memory_hex},
    Entry{"P", prefix, write_register},
    Entry{"QEnableErrorStrings", exact, plain<command::EnableErrorStrings>},
    Entry{"QListThreadsInStopReply", exact, plain<command::ListThreadsInStopReply>},
    Entry{"QNonStop:", prefix, with_switch<command::SetNonStop>},
    Entry{"QRestoreRegisterState:", prefix, restore_registers},
    Entry{"QSaveRegisterState", prefix, with_suffix<command::SaveRegisters>},
    Entry{"QStartNoAckMode", exact, plain<command::StartNoAckMode>},
    Entry{"QThreadSuffixSupported", exact, plain<command::ThreadSuffixSupported>},
    Entry{"Qqemu.PhyMemMode:", prefix, with_switch<command::SetQemuPhysicalMemory>},
    Entry{"Qqemu.sstepbits", exact, plain<command::QemuStepBits>},  // by which pwndbg knows QEMU
    Entry{"Qqemu.sstep=", prefix, with_number<command::SetQemuStepFlags>},
    Entry{"R", prefix, [](Arguments) -> Command { return command::Restart{command::Restart::Form::Silent}; }},
    Entry{"S", prefix, resume_with_signal<ResumeKind::Step>},
    Entry{"T", prefix, with_thread<command::ThreadAlive>},
    Entry{"X", prefix, write_memory_binary},
    Entry{"Z", prefix, insert_point},
    Entry{"bc", exact, plain<command::ReverseContinue>},
    Entry{"bs", exact, plain<command::ReverseStep>},
    Entry{"c", prefix, resume<ResumeKind::Continue>},
    Entry{"g", prefix, with_suffix<command::ReadRegisters>},
    Entry{"jThreadsInfo", exact, plain<command::ThreadsInfoJson>},
    Entry{"k", exact, [](Arguments) -> Command { return command::Kill{command::Kill::Form::Silent}; }},
    Entry{"m", prefix, with_range<command::ReadMemory>},
    Entry{"p", prefix, read_register},
    Entry{"qAttached", prefix, plain<command::Attached>},
    Entry{"qC", exact, plain<command::CurrentThread>},
    Entry{"qCRC:", prefix, with_range<command::ChecksumMemory>},
    Entry{"qEcho:", prefix, echo},
    Entry{"qGetWorkingDir", exact, plain<command::WorkingDirectory>},
    Entry{"qHostInfo", exact, plain<command::HostInfo>},
    Entry{"qMemoryRegionInfo", prefix, memory_region_info},
    Entry{"qOffsets", exact, plain<command::Offsets>},
    Entry{"qProcessInfo", exact, plain<command::ProcessInfo>},
    Entry{"qRcmd,", prefix, monitor},
    Entry{"qRegisterInfo", prefix, with_number<command::RegisterInfo>},
    Entry{"qSearch:memory:", prefix, search_memory},
    Entry{"qSupported", prefix, supported},
    Entry{"qSymbol:", prefix, plain<command::Symbol>},
    Entry{"qThreadExtraInfo,", prefix, with_thread<command::ThreadExtraInfo>},
    Entry{"qThreadStopInfo", prefix, with_thread<command::ThreadStopInfo>},
    Entry{"qWatchpointSupportInfo:", exact, plain<command::WatchpointSupport>},
    Entry{"qXfer:", prefix, transfer},
    Entry{"qfThreadInfo", exact, plain<command::FirstThreadInfo>},
    Entry{"qqemu.PhyMemMode", exact, plain<command::QemuPhysicalMemory>},
    Entry{"qqemu.Supported", exact, plain<command::QemuSupported>},
    Entry{"qqemu.sstepbits", exact, plain<command::QemuStepBits>},
    Entry{"qqemu.sstep", exact, plain<command::QemuStepFlags>},
    Entry{"qsThreadInfo", exact, plain<command::NextThreadInfo>},
    Entry{"s", prefix, resume<ResumeKind::Step>},
    Entry{"vAttach;", prefix, plain<command::Attach>},
    Entry{"vCont;", prefix, resume_threads},
    Entry{"vCont?", exact, plain<command::ResumeActionsQuery>},
    Entry{"vCtrlC", exact, plain<command::Interrupt>},
    Entry{"vFile:close:", prefix, with_number<command::FileClose>},
    Entry{"vFile:fstat:", prefix, with_number<command::FileStat>},
    Entry{"vFile:open:", prefix, file_open},
    Entry{"vFile:pread:", prefix, file_read},
    Entry{"vFile:setfs:", prefix, plain<command::FileSetFs>},
    Entry{"vKill;", prefix, [](Arguments) -> Command { return command::Kill{command::Kill::Form::Acknowledged}; }},
    Entry{"vMustReplyEmpty", exact, plain<command::MustReplyEmpty>},
    Entry{"vRun", prefix, [](Arguments) -> Command { return command::Restart{command::Restart::Form::WithStopReply}; }},
    Entry{"vStopped", exact, plain<command::NextStop>},
    Entry{"x", prefix, with_range<command::ReadMemoryBinary>},
    Entry{"z", prefix, remove_point},
};

}  // namespace

Command parse(std::span<char> payload) {
  const std::string_view text(payload.data(), payload.size());
  for (const Entry& entry : table) {
    if (!text.starts_with(entry.prefix)) continue;
    if (entry.rest == exact && text.size() != entry.prefix.size()) continue;
    return entry.parse(Arguments(payload.subspan(entry.prefix.size())));
  }
  return command::Unsupported{};
}

}  // namespace gdbstub

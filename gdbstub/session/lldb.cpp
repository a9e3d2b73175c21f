// LLDB's additions (lldb/docs/resources/lldbgdbremote.md).
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/register_access.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/stops.h"

namespace gdbstub {
namespace {

bool is_64_bit(const TargetDescription& description) { return description.architecture == "i386:x86-64"; }

void write_platform(Reply& reply, const TargetDescription& description) {
  reply.text("triple:");
  reply.hex(is_64_bit(description) ? std::string_view("x86_64-unknown-none") : std::string_view("i386-unknown-none"));
  reply.format(";ptrsize:{};endian:little;", is_64_bit(description) ? 8 : 4);
}

bool is_float(const RegisterDescription& reg) { return reg.type.starts_with("ieee_") || reg.type == "i387_ext"; }

// Types of the description's own other than flags are vectors and unions of vectors.
bool is_vector(const Feature& feature, const RegisterDescription& reg) {
  for (const TypeDefinition& type : feature.types) {
    const auto* vector = std::get_if<VectorType>(&type);
    const auto* choice = std::get_if<UnionType>(&type);
    if ((vector != nullptr && vector->id == reg.type) || (choice != nullptr && choice->id == reg.type)) return true;
  }
  return reg.bits > 80;
}

std::string_view encoding_and_format(const RegisterLayout::Slot& slot) {
  if (is_float(*slot.description)) return "encoding:ieee754;format:float;";
  if (is_vector(*slot.feature, *slot.description)) return "encoding:vector;format:vector-uint8;";
  return "encoding:uint;format:hex;";
}

std::string_view set_name(const RegisterDescription& reg) {
  if (reg.group == "float") return "Floating Point Registers";
  if (reg.group == "vector") return "Vector Registers";
  if (reg.group == "system") return "System Registers";
  return "General Purpose Registers";
}

std::string_view generic_name(GenericRole role) {
  switch (role) {
    case GenericRole::Pc:
      return "generic:pc;";
    case GenericRole::Sp:
      return "generic:sp;";
    case GenericRole::Fp:
      return "generic:fp;";
    case GenericRole::Flags:
      return "generic:flags;";
    case GenericRole::None:
      break;
  }
  return {};
}

}  // namespace

Handled handle(Conversation& c, const command::EnableErrorStrings&, Reply& reply) {
  c.client.dialect.lldb = true;
  c.client.dialect.error_strings = true;
  return ok(reply);
}

Handled handle(Conversation& c, const command::ThreadSuffixSupported&, Reply& reply) {
  c.client.dialect.lldb = true;
  c.client.dialect.multiprocess = false;
  return ok(reply);
}

Handled handle(Conversation& c, const command::ListThreadsInStopReply&, Reply& reply) {
  c.client.dialect.list_threads = true;
  return ok(reply);
}

Handled handle(Conversation&, const command::Echo& command, Reply& reply) {
  reply.text("qEcho:");
  reply.binary(command.packet);
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::RegisterInfo& command, Reply& reply) {
  c.client.dialect.described = true;
  const bool known = command.number < c.registers->slots().size();
  if (!known && c.client.dialect.lldb) return std::unexpected(Error{"that was the last register", 0x45});
  if (!known) {
    reply.text("E45");  // whoever asks looks for a number
    return Answer::Reply;
  }
  const auto& slot = c.registers->slots()[command.number];
  reply.format("name:{};bitsize:{};offset:{};{}set:{};", slot.description->name, slot.description->bits, slot.offset,
               encoding_and_format(slot), set_name(*slot.description));
  if (slot.description->dwarf) reply.format("ehframe:{0};dwarf:{0};", *slot.description->dwarf);
  reply.text(generic_name(slot.description->role));
  return Answer::Reply;
}

// [{"tid":1,"reason":"trace","registers":{"16":"0010..."}},...] with the expedited registers of each thread.
Handled handle(Conversation& c, const command::ThreadsInfoJson&, Reply& reply) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  const StopEvent present = present_stop(c);
  std::string json = "[";
  for (const ThreadId thread : threads_of(c)) {
    if (json.size() > 1) json += ',';
    const bool is_present = present.thread == thread && !is_end(present.reason);
    json += fmt::format(R"({{"tid":{},"reason":"{}")", thread.value,
                        is_present ? lldb_reason(present.reason) : std::string_view("none"));
    if (is_present) json += fmt::format(R"(,"signal":{})", static_cast<unsigned>(signal_of(present.reason)));
    json += R"(,"registers":{)";
    bool first = true;
    for (const RegisterNumber number : c.registers->expedited()) {
      std::vector<std::uint8_t> value;
      if (!read_register(c, thread, number, value)) continue;
      json += fmt::format(R"({}"{}":"{:02x}")", first ? "" : ",", number.value, fmt::join(value, ""));
      first = false;
    }
    json += "}}";
  }
  reply.binary(json + "]");
  return Answer::Reply;
}

// Watchpoints are not limited to the CPU's debug registers; LLDB only wants to hear a number above zero.
Handled handle(Conversation&, const command::WatchpointSupport&, Reply& reply) {
  reply.text("num:256;");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::HostInfo&, Reply& reply) {
  write_platform(reply, c.target.description());
  reply.text("watchpoint_exceptions_received:after;vm-page-size:4096;");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::ProcessInfo&, Reply& reply) {
  reply.text("pid:1;");
  write_platform(reply, c.target.description());
  return Answer::Reply;
}

// The target has no file system; LLDB asks anyway.
Handled handle(Conversation&, const command::WorkingDirectory&, Reply& reply) {
  reply.hex(std::string_view("/"));
  return Answer::Reply;
}

}  // namespace gdbstub

#include "gdbstub/trace/documents.h"

#include <fmt/format.h>

#include "gdbstub/target.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub {
namespace {

std::string hex(std::string_view text) {
  std::string digits;
  append_hex(digits, text);
  return digits;
}

std::string stop_text(const TraceStatus& status) {
  using enum TraceStatus::Stop;
  switch (status.stop) {
    case NotRun:
      return "tnotrun:0";
    case Asked:
      return fmt::format("tstop:{}:0", hex(status.text));
    case BufferFull:
      return "tfull:0";
    case Disconnected:
      return "tdisconnected:0";
    case PassCount:
      return fmt::format("tpasscount:{:x}", status.tracepoint);
    case Error:
      return fmt::format("terror:{}:{:x}", hex(status.text), status.tracepoint);
  }
  return {};
}

std::string definition(const Tracepoint& point) {
  std::string text = fmt::format("T{:x}:{:x}:{}:{:x}:{:x}", point.id.first, point.id.second.value,
                                 point.enabled ? 'E' : 'D', point.steps, point.passes);
  if (point.condition) {
    fmt::format_to(std::back_inserter(text), ":X{:x},", point.condition->size());
    append_hex(text, *point.condition);
  }
  return text;
}

}  // namespace

std::string status_text(const TraceExperiment& experiment) {
  const TraceStatus& status = experiment.status;
  const TraceBuffer& buffer = experiment.buffer;
  return fmt::format(
      "{};{};tframes:{:x};tcreated:{:x};tfree:{:x};tsize:{:x};circular:{:d};disconn:{:d};starttime:{:x};stoptime:{:x};"
      "username:{};notes:{}",
      status.running ? 1 : 0, stop_text(status), buffer.count(), buffer.created(), buffer.limit() - buffer.used(),
      buffer.limit(), buffer.circular(), status.outlives_client, status.started, status.stopped, hex(status.user),
      hex(status.notes));
}

std::vector<std::string> tracepoint_pieces(const TracepointTable& tracepoints) {
  std::vector<std::string> pieces;
  for (const auto& [id, point] : tracepoints) {
    const std::string place = fmt::format("{:x}:{:x}", id.first, id.second.value);
    pieces.push_back(definition(*point));
    for (const auto& action : point->action_texts) pieces.push_back(fmt::format("A{}:{}", place, action));
    for (const auto& action : point->step_action_texts) pieces.push_back(fmt::format("S{}:{}", place, action));
    for (const auto& source : point->sources) {
      pieces.push_back(
          fmt::format("Z{}:{}:{:x}:{:x}:{}", place, source.type, source.start, source.total, hex(source.text)));
    }
  }
  return pieces;
}

std::vector<std::string> variable_pieces(const TraceVariables& variables) {
  std::vector<std::string> pieces;
  for (const auto& [number, variable] : variables) {
    pieces.push_back(fmt::format("{:x}:{:x}:0:{}", number, variable.initial, hex(variable.name)));
  }
  return pieces;
}

std::string frame_document(const TraceFrame& frame) {
  std::string xml =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE traceframe-info SYSTEM \"traceframe-info.dtd\">\n<traceframe-info>\n";
  for (const auto& block : frame.memory()) {
    fmt::format_to(std::back_inserter(xml), "<memory start=\"{:#x}\" length=\"{:#x}\"/>\n", block.start.value,
                   block.bytes.size());
  }
  for (const std::uint32_t number : frame.variables()) {
    fmt::format_to(std::back_inserter(xml), "<tvar id=\"{:#x}\"/>\n", number);
  }
  return xml + "</traceframe-info>\n";
}

std::string trace_file(const TraceExperiment& experiment, std::size_t register_block, std::string_view description) {
  const std::size_t block = experiment.registers ? experiment.registers->total : register_block;
  std::string file = fmt::format("{}R {:x}\nstatus {}\n", trace_file_magic, block, status_text(experiment));
  for (const auto& piece : variable_pieces(experiment.variables)) file.append("tsv ").append(piece).append("\n");
  for (const auto& piece : tracepoint_pieces(experiment.tracepoints)) file.append("tp ").append(piece).append("\n");
  while (!description.empty()) {
    const std::size_t end = std::min(description.find('\n'), description.size());
    file.append("tdesc ").append(description.substr(0, end)).append("\n");
    description.remove_prefix(std::min(end + 1, description.size()));
  }
  file += '\n';
  for (std::size_t i = 0; i < experiment.buffer.count(); ++i) {
    const Bytes frame = experiment.buffer.at(i)->bytes();
    file.append(reinterpret_cast<const char*>(frame.data()), frame.size());
  }
  return file.append(4, '\0');
}

}  // namespace gdbstub

#include "vmm/app/options/io.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"

namespace gdbvm {

using options::reject;

IoOptionGroup::IoOptionGroup(CLI::App& app) {
  options::Group group(app, "Input and output");
  group.add("--serial", "WHERE", "COM1: stdio, stderr, none, file:PATH, unix:PATH, tcp:HOST:PORT or pty (stdio)",
            [this](const std::string& text) {
              auto endpoint = parse_serial_endpoint(text);
              if (!endpoint) reject("--serial: " + endpoint.error());
              serial_ = std::move(*endpoint);
            });
  declare_second_serial(group, options_.serial2);
  group.add("--display", "WHERE",
            "The guest's screen and keyboard: terminal, vnc[=ADDRESS:PORT], or none until Ctrl-A s (none)",
            [this](const std::string& text) { apply_display(text); });
  declare_debug_output(group, "--debug-console", "Port 0xe9: stdio, stderr, none or file:PATH (as COM1)",
                       options_.debug_console);
  declare_debug_output(group, "--firmware-log", "Port 0x402, to which SeaBIOS writes its log: the same (none)",
                       options_.firmware_log);
  group.add_repeatable("--trace", "WHAT",
                       "kvm, io, irq or rsp, and [:FILE]: KVM calls, port accesses, interrupts, packets; repeatable",
                       [this](const std::vector<std::string>& texts) {
                         for (const std::string& text : texts) apply_trace(text);
                       });
}

void IoOptionGroup::apply_display(const std::string& text) {
  constexpr std::string_view vnc = "vnc", vnc_at = "vnc=";
  if (text == "none") {
    options_.display = Display::None;
  } else if (text == "terminal") {
    options_.display = Display::Terminal;
  } else if (text == vnc || text.starts_with(vnc_at)) {
    const std::string where = text == vnc ? ":5900" : text.substr(vnc_at.size());
    if (!where.contains(':')) reject(fmt::format("--display vnc: '{}' is not ADDRESS:PORT or unix:PATH", where));
    const auto endpoint = gdbstub::parse_endpoint(where);
    if (!endpoint) reject("--display vnc: " + endpoint.error().text);
    options_.display = Display::Vnc;
    options_.vnc = *endpoint;
  } else {
    reject(fmt::format("--display: '{}' is not terminal, vnc[=ADDRESS:PORT] or none", text));
  }
}

void IoOptionGroup::declare_second_serial(options::Group& group, SerialEndpoint& into) {
  group.add("--serial2", "WHERE", "COM2: stderr, none, file:PATH, unix:PATH, tcp:HOST:PORT or pty (none)",
            [&into](const std::string& text) {
              auto endpoint = parse_serial_endpoint(text);
              if (!endpoint) reject("--serial2: " + endpoint.error());
              if (on_stdio(*endpoint)) reject("--serial2: standard input and output can be COM1's alone");
              into = std::move(*endpoint);
            });
}

void IoOptionGroup::declare_debug_output(options::Group& group, const char* option, const char* help,
                                         std::optional<SerialEndpoint>& into) {
  group.add(option, "WHERE", help, [option, &into](const std::string& text) {
    using namespace serial_endpoint;
    auto where = parse_serial_endpoint(text);
    const bool takes_input =
        where && (std::holds_alternative<UnixSocket>(*where) || std::holds_alternative<TcpSocket>(*where) ||
                  std::holds_alternative<Pty>(*where));
    if (!where || takes_input) reject(fmt::format("{}: '{}' is not stdio, stderr, none or file:PATH", option, text));
    if (auto* stdio = std::get_if<Stdio>(&*where)) stdio->input = false;
    into = std::move(*where);
  });
}

void IoOptionGroup::apply_trace(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string what = text.substr(0, colon);
  TraceOutput output;
  if (colon != text.npos) {
    output.path = text.substr(colon + 1);
    if (output.path.empty()) reject(fmt::format("--trace: '{}' names no file", text));
  }
  const std::pair<std::string_view, std::optional<TraceOutput>&> traces[] = {
      {"kvm", options_.trace_kvm}, {"io", options_.trace_io}, {"irq", options_.trace_irq}, {"rsp", options_.trace_rsp}};
  const auto found = std::ranges::find(traces, what, [](const auto& trace) { return trace.first; });
  if (found == std::end(traces)) {
    reject(fmt::format("--trace: '{}' is not kvm[:FILE], io[:FILE], irq[:FILE] or rsp[:FILE]", text));
  }
  if (found->second) reject(fmt::format("--trace: {} is asked for twice", what));
  found->second = std::move(output);
}

// Standard output is the debugger's, the screen's or the serial port's; a debug port's text may be part of the last.
void IoOptionGroup::check_debug_outputs(const IoOptions& options, const StandardStreams& streams) {
  const std::pair<const char*, const std::optional<SerialEndpoint>&> outputs[] = {
      {"--debug-console", options.debug_console}, {"--firmware-log", options.firmware_log}};
  for (const auto& [option, where] : outputs) {
    if (!where || !on_stdio(*where)) continue;
    if (streams.debugger_has_both) reject(fmt::format("--gdb stdio and {} stdio contradict each other", option));
    if (options.display == Display::Terminal && !on_stdio(options.serial)) {
      reject(fmt::format("--display terminal and {} stdio contradict each other", option));
    }
  }
}

IoOptions IoOptionGroup::options(const StandardStreams& streams) const {
  using namespace serial_endpoint;
  IoOptions options = options_;
  if (options.display == Display::Terminal && streams.debugger_has_both) {
    reject("--gdb stdio and --display terminal contradict each other");
  }
  if (options.display == Display::Terminal && streams.command_has_input) {
    reject("a COMMAND has the terminal's keys: --display terminal contradicts it");
  }
  if (serial_) {
    options.serial = *serial_;
  } else if (streams.debugger_has_both) {
    options.serial = Stderr{};
  } else {
    options.serial = Stdio{};
  }
  if (auto* stdio = std::get_if<Stdio>(&options.serial)) {
    if (streams.debugger_has_both) reject("--gdb stdio and --serial stdio contradict each other");
    stdio->input = !streams.command_has_input;
  }
  check_debug_outputs(options, streams);
  return options;
}

}  // namespace gdbvm

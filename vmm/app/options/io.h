// The options that say where the serial port, the debug ports, the screen and the traces go.
#pragma once

#include <optional>
#include <string>

#include "gdbstub/server/endpoint.h"
#include "vmm/console/serial_endpoint.h"

namespace CLI {
class App;
}

namespace gdbvm::options {
class Group;
}

namespace gdbvm {

// Where a trace goes. An empty path is standard error.
struct TraceOutput {
  std::string path;
  bool operator==(const TraceOutput&) const = default;
};

enum class Display { None, Terminal, Vnc };  // where the guest's screen is shown at first

struct IoOptions {
  SerialEndpoint serial;
  SerialEndpoint serial2 = serial_endpoint::None{};  // COM2, never standard output
  Display display = Display::None;
  gdbstub::Endpoint vnc;  // where a VNC server listens, if the screen is shown there
  // Port 0xe9; nullopt: with the serial port's output. Port 0x402; nullopt: there is none.
  std::optional<SerialEndpoint> debug_console, firmware_log;
  std::optional<TraceOutput> trace_kvm, trace_io, trace_irq, trace_rsp;
};

class IoOptionGroup final {
 public:
  // Who else has standard input and output.
  struct StandardStreams {
    bool debugger_has_both;  // --gdb stdio
    bool command_has_input;  // a COMMAND runs beside the guest
  };

  // Declares the options. `app` parses into this object, which stays where it is.
  explicit IoOptionGroup(CLI::App& app);
  IoOptionGroup(const IoOptionGroup&) = delete;
  IoOptionGroup& operator=(const IoOptionGroup&) = delete;

  // What was typed means this. Throws CLI::ValidationError where it contradicts itself or the others.
  IoOptions options(const StandardStreams& streams) const;

 private:
  static void declare_second_serial(options::Group& group, SerialEndpoint& into);
  static void declare_debug_output(options::Group& group, const char* option, const char* help,
                                   std::optional<SerialEndpoint>& into);
  static void check_debug_outputs(const IoOptions& options, const StandardStreams& streams);
  void apply_trace(const std::string& text);
  void apply_display(const std::string& text);

  IoOptions options_;
  std::optional<SerialEndpoint> serial_;
};

}  // namespace gdbvm

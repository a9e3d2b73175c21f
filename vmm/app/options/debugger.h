// The options that say how debuggers connect, and what they are given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gdbstub/server/endpoint.h"

namespace CLI {
class App;
}

namespace gdbvm {

enum class StartMode { Wait, Run };       // until a debugger resumes the guest; at once
enum class OnDetach { Run, Stop, Quit };  // what the guest does when its debugger leaves

struct DebuggerOptions {
  std::optional<gdbstub::Endpoint> endpoint = gdbstub::TcpEndpoint{"127.0.0.1", 1234};  // nullopt: no debugger
  StartMode start = StartMode::Wait;
  OnDetach on_detach = OnDetach::Run;
  std::string symbols;        // the ELF that debuggers are given; empty: the image, if it is one
  std::uint64_t history = 0;  // bytes for the guest's past; 0: it is not kept
  std::string record;         // the file that it is written to as well; empty: none
  std::string modules;        // the directory of the kernel's .ko files; empty: none

  bool on_stdio() const { return endpoint && std::holds_alternative<gdbstub::StdioEndpoint>(*endpoint); }
};

class DebuggerOptionGroup final {
 public:
  // Declares the options. `app` parses into this object, which stays where it is.
  explicit DebuggerOptionGroup(CLI::App& app);
  DebuggerOptionGroup(const DebuggerOptionGroup&) = delete;
  DebuggerOptionGroup& operator=(const DebuggerOptionGroup&) = delete;

  // QEMU's spellings, which have a heading of their own, after all the others.
  void declare_as_in_qemu(CLI::App& app);

  // What was typed means this. Throws CLI::ValidationError where it contradicts itself.
  DebuggerOptions options() const;

 private:
  DebuggerOptions options_;
  std::optional<OnDetach> on_detach_;
  bool gdb_chosen_ = false, qemu_gdb_ = false;  // --gdb, -s
  bool run_ = false, wait_ = false;             // --run, -S
  bool history_chosen_ = false;
};

}  // namespace gdbvm

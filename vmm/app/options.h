// What the command line asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gdbstub/server/endpoint.h"
#include "vmm/boot/load_options.h"
#include "vmm/console/serial_endpoint.h"

namespace gdbvm {

enum class Action { RunGuest, Doctor };
enum class StartMode { Wait, Run };  // until a debugger resumes the guest; at once
enum class OnDetach { Run, Stop, Quit };
enum class LogLevel { Error, Warning, Info, Debug };

// Where a trace goes. An empty path is standard error.
struct TraceOutput {
  std::string path;
  bool operator==(const TraceOutput&) const = default;
};

struct Disk {
  std::string path;
  bool read_only = false;
  bool operator==(const Disk&) const = default;
};

struct Options {
  Action action = Action::RunGuest;
  bool json = false;  // Doctor alone

  std::string image;
  std::vector<std::string> initrds;                 // "FILE", or "FILE ARGUMENTS" for a multiboot module
  std::vector<Disk> disks;                          // in the guest's order
  std::string symbols;                              // the ELF that debuggers are given; empty: the image, if it is one
  std::string modules;                              // the directory of the kernel's .ko files; empty: none
  std::vector<std::string> command;                 // what stands behind `--`; run beside the guest
  boot::LoadOptions load;                           // named after the image
  std::uint64_t memory = std::uint64_t{256} << 20;  // bytes, a multiple of the page size
  unsigned cpus = 1;

  std::optional<gdbstub::Endpoint> gdb = gdbstub::TcpEndpoint{"127.0.0.1", 1234};  // nullopt: no debugger
  StartMode start = StartMode::Wait;
  OnDetach on_detach = OnDetach::Run;

  SerialEndpoint serial;
  std::optional<TraceOutput> trace_kvm, trace_io, trace_rsp;
  LogLevel log = LogLevel::Warning;
};

// The command line is answered already: print `text` (no newline at its end) and leave.
struct ExitNow {
  int status;  // 0: text is for standard output; else a sentence for standard error
  std::string text;
};

std::variant<Options, ExitNow> parse_options(int argc, const char* const* argv);

}  // namespace gdbvm

// What the command line asks for. Each group of options is declared, parsed and checked in a file of its own.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "vmm/app/options/debugger.h"
#include "vmm/app/options/guest.h"
#include "vmm/app/options/io.h"
#include "vmm/app/options/observation.h"

namespace gdbvm {

struct Options {
  GuestOptions guest;
  DebuggerOptions debugger;
  IoOptions io;
  ObservationOptions observation;
  std::vector<std::string> command;  // what follows `--`; run beside the guest
};

// `gdbvm doctor`.
struct DoctorOptions {
  bool json = false;
};

// The command line is answered already: print `text` (no newline at its end) and leave.
struct ExitNow {
  int status;  // 0: text is for standard output; else a sentence for standard error
  std::string text;
};

std::variant<Options, DoctorOptions, ExitNow> parse_options(int argc, const char* const* argv);

}  // namespace gdbvm

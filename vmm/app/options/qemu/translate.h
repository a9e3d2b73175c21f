// A command line in QEMU's words, in gdbvm's.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace gdbvm::qemu {

using Arguments = std::vector<std::string>;

// What of a command line is gdbvm's own.
enum class OwnOption { None, Flag, WithValue };

struct Surroundings {
  std::function<OwnOption(const std::string& word)> own;  // of a word that begins with a dash
  bool has_command = false;  // a COMMAND runs beside the guest, and it needs a debugger's address
};

// Unless QEMU alone has one of the options, the arguments as they are. Otherwise what the line means there: the guest
// runs at once without -S, no debugger can connect without -s and -gdb, and there are 128 MiB of memory without -m.
// gdbvm's own options may stand among them and win. Throws CLI::ValidationError with a sentence about a word that was
// typed, and HelpAsked where -help was.
Arguments translate(const Arguments& arguments, const Surroundings& surroundings);

}  // namespace gdbvm::qemu

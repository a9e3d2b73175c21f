// The command line, by CLI11: the option groups put together, and the help text around them.
#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "vmm/app/exit_status.h"
#include "vmm/app/options/declaration.h"
#include "vmm/app/options/options.h"
#include "vmm/app/options/qemu/options.h"
#include "vmm/app/options/qemu/translate.h"
#include "vmm/host/version.h"

namespace gdbvm {

namespace {

using Arguments = std::vector<std::string>;
using Parsed = std::variant<Options, DoctorOptions, ExitNow>;
using options::reject;

constexpr const char* footer = R"(
IMAGE is recognised by its bytes: Linux (bzImage or vmlinux), multiboot 1 and 2 and PVH kernels start by their protocol,
another 64-bit ELF in long mode, a 32-bit ELF in protected mode. SeaBIOS boots disks, floppies, CDs and boot sectors, and
without IMAGE the disks of --disk; --boot flat starts a boot sector without it. Other flat images start at their first byte,
which goes where --load says (with --mode protected or long: 1 MiB unless --load says otherwise).

QEMU's command lines work, with QEMU's meaning: gdbvm -kernel IMAGE -m 512 -nographic -s -S. docs/qemu.md has them all.

COMMAND runs beside the guest with the debugger's address in GDBVM_REMOTE and in place of {remote} in its arguments,
and ends it: gdbvm IMAGE -- gdb -ex 'target remote {remote}' IMAGE. Standard input is its own then, not the guest's.
With --gdb stdio the serial port writes to standard error unless --serial says otherwise. On a terminal Ctrl-A h helps,
Ctrl-A x quits.

Exit status: the guest's own where it writes VALUE to the debug-exit port (VALUE << 1 | 1, always odd), COMMAND's if there is one;
   0  the guest powered off or was killed        2  bad options, image or host: nothing was run
   4  triple fault                               6  KVM cannot emulate an instruction
   8  the CPU refused the guest's state         10  the host failed while the guest ran)";

// CLI11 does not know what follows `--`.
void use_usage(CLI::App& app, std::string usage) {
  struct Formatter final : CLI::Formatter {
    explicit Formatter(std::string text) : usage_(std::move(text)) { column_width(26); }
    std::string make_usage(const CLI::App*, std::string) const override { return usage_; }
    std::string usage_;
  };
  app.formatter(std::make_shared<Formatter>(std::move(usage)));
}

void configure(CLI::App& app) {
  app.set_help_flag("-h,--help", "This text");
  app.set_version_flag("--version", version_text);
  app.footer(footer);
  use_usage(app,
            "Usage: gdbvm [OPTIONS] IMAGE [-- COMMAND ARGS...]\n       gdbvm [OPTIONS] --restore FILE [IMAGE] "
            "[-- COMMAND ARGS...]\n       gdbvm [OPTIONS] --replay FILE [IMAGE] [-- COMMAND ARGS...]\n       gdbvm "
            "doctor [--json]\n");
}

// All groups, in the order in which --help has them.
class OptionGroups final {
 public:
  explicit OptionGroups(CLI::App& app) : guest_(app), debugger_(app), io_(app), observation_(app) {
    debugger_.declare_as_in_qemu(app);
  }

  Options options(Arguments command) const {
    Options options{.guest = guest_.options(),
                    .debugger = debugger_.options(),
                    .io = {},
                    .observation = observation_.options(),
                    .command = std::move(command)};
    const bool on_stdio = options.debugger.on_stdio(), with_command = !options.command.empty();
    options.io = io_.options({.debugger_has_both = on_stdio, .command_has_input = with_command});
    if (with_command && !options.debugger.endpoint) {
      reject("a COMMAND needs a debugger's address: --gdb none contradicts it");
    }
    if (with_command && on_stdio) reject("a COMMAND cannot connect to --gdb stdio");
    if (options.guest.replays) check_replay(options);
    return options;
  }

 private:
  // What is in a recording has been.
  static void check_replay(const Options& options) {
    if (options.debugger.start == StartMode::Run)
      reject("--replay and --run contradict each other: a debugger is needed");
    if (!options.debugger.record.empty()) reject("--replay and --record contradict each other");
    if (options.debugger.history > 0) reject("--replay and --history contradict each other");
  }

  GuestOptionGroup guest_;
  DebuggerOptionGroup debugger_;
  IoOptionGroup io_;
  ObservationOptionGroup observation_;
};

// CLI11 counts where a sentence would do: "--memory: At Most 1 required but received 2".
std::string in_words(std::string text) {
  const std::size_t counted = text.find(": At Most 1 required");
  if (counted == text.npos) return text;
  return (counted == 0 ? "IMAGE" : text.substr(0, counted)) + " is given more than once";
}

ExitNow complaint(std::string text) {
  text = in_words(std::move(text));
  std::ranges::replace(text, '\n', ' ');
  return {exit_status::bad_input, fmt::format("{} (see gdbvm --help)", text)};
}

// Runs CLI11 and turns the ways out that it throws into values.
template <class Result>
Parsed run_parser(CLI::App& app, Arguments arguments, Result result) {
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
    return result();
  } catch (const CLI::CallForHelp&) {
    std::string help = app.help();
    help.erase(help.find_last_not_of('\n') + 1);
    return ExitNow{exit_status::success, std::move(help)};
  } catch (const CLI::CallForVersion& version) {
    return ExitNow{exit_status::success, version.what()};
  } catch (const CLI::ParseError& error) {
    return complaint(error.what());
  }
}

Parsed parse_doctor(Arguments arguments) {
  CLI::App app("Tells what this host's KVM can do for guests and debuggers.");
  DoctorOptions options;
  app.set_help_flag("-h,--help", "This text");
  use_usage(app, "Usage: gdbvm doctor [--json]\n");
  app.add_flag("--json", options.json, "For programs");
  return run_parser(app, std::move(arguments), [&] { return options; });
}

qemu::OwnOption own_option(const CLI::App& app, const std::string& word) {
  const std::size_t equals = word.find('=');
  const CLI::Option* option = app.get_option_no_throw(word.substr(0, equals));
  if (!option) return qemu::OwnOption::None;
  const bool takes_next = equals == word.npos && option->get_expected_min() > 0;
  return takes_next ? qemu::OwnOption::WithValue : qemu::OwnOption::Flag;
}

}  // namespace

Parsed parse_options(int argc, const char* const* argv) {
  Arguments arguments(argv + std::min(argc, 1), argv + argc);
  if (!arguments.empty() && arguments[0] == "doctor") {
    arguments.erase(arguments.begin());
    return parse_doctor(std::move(arguments));
  }
  Arguments command;
  if (const auto separator = std::ranges::find(arguments, "--"); separator != arguments.end()) {
    command.assign(separator + 1, arguments.end());
    arguments.erase(separator, arguments.end());
    if (command.empty()) return complaint("no COMMAND follows --");
  }
  CLI::App app("A KVM hypervisor whose front door is GDB.");
  configure(app);
  const OptionGroups groups(app);
  try {
    const auto own = [&app](const std::string& word) { return own_option(app, word); };
    arguments = qemu::translate(arguments, {.own = own, .has_command = !command.empty()});
  } catch (const CLI::ValidationError& error) {
    return complaint(error.what());
  } catch (const qemu::HelpAsked&) {
    return ExitNow{exit_status::success, qemu::help_text()};
  }
  return run_parser(app, std::move(arguments), [&] { return groups.options(std::move(command)); });
}

}  // namespace gdbvm

// The command line, by CLI11: options, their contradictions, and the help text.
#include "vmm/app/options.h"

#include <algorithm>
#include <array>
#include <expected>
#include <map>
#include <span>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "vmm/app/exit_status.h"
#include "vmm/app/option_values.h"
#include "vmm/host/version.h"

namespace gdbvm {

namespace {

using Arguments = std::vector<std::string>;

// An option whose value makes no sense; CLI11 turns it into its own error, which names the option.
[[noreturn]] void reject(const std::string& sentence) { throw CLI::ValidationError(sentence); }

// Texts as they were typed, before they mean anything.
struct Typed {
  std::string image, bios, append;
  Arguments initrds, disks;
  std::string gdb, serial, memory, load, mode, symbols, modules, boot = "auto", on_detach, log = "warning";
  Arguments traces;
  bool qemu_gdb = false, wait = false, run = false;
  unsigned cpus = 1;
};

constexpr const char* footer = R"(
IMAGE is recognised by its bytes: Linux (bzImage or vmlinux), multiboot 1 and 2 and PVH kernels start by their protocol,
another 64-bit ELF in long mode, a 32-bit ELF in protected mode, a boot sector in real mode at 0x7c00. Other flat images
start at their first byte, which goes where --load says (with --mode protected or long: 1 MiB unless --load says
otherwise).

COMMAND runs beside the guest with the debugger's address in GDBVM_REMOTE and in place of {remote} in its arguments,
and ends it: gdbvm IMAGE -- gdb -ex 'target remote {remote}' IMAGE. Standard input is its own then, not the guest's.
With --gdb stdio the serial port writes to standard error unless --serial says otherwise. On a terminal Ctrl-A h helps,
Ctrl-A x quits.

Exit status: the guest's own where it writes VALUE to port 0xf4 (VALUE << 1 | 1, always odd), COMMAND's if there is one;
   0  the guest powered off or was killed        2  bad options, image or host: nothing was run
   4  triple fault                               6  KVM cannot emulate an instruction
   8  the CPU refused the guest's state         10  the host failed while the guest ran)";

void declare_guest(CLI::App& app, Typed& typed) {
  const char* guest = "Guest";
  app.add_option("IMAGE,--kernel", typed.image, "What to boot")->group("")->option_text("IMAGE");
  app.add_option("-m,--memory", typed.memory, "Guest memory; K, M, G or T, MiB without a suffix (256M)")
      ->group(guest)
      ->option_text("SIZE");
  app.add_option("--cpus", typed.cpus, "Virtual CPUs, 1 to 255 (1)")
      ->check(CLI::Range(1, 255))
      ->group(guest)
      ->option_text("N");
  app.add_option("--load", typed.load, "Where a flat image goes")->group(guest)->option_text("ADDRESS");
  app.add_option("--mode", typed.mode, "How a flat image starts: real, protected or long; protected also for an ELF")
      ->check(CLI::IsMember({"real", "protected", "long"}))
      ->group(guest)
      ->option_text("MODE");
  app.add_option("--boot", typed.boot, "How the image is taken: auto, linux, pvh, multiboot, elf or flat (auto)")
      ->check(CLI::IsMember({"auto", "linux", "pvh", "multiboot", "elf", "flat"}))
      ->group(guest)
      ->option_text("KIND");
  app.add_option("--initrd", typed.initrds, "Linux's initrd, or a module: 'FILE ARGUMENTS'; repeatable")
      ->allow_extra_args(false)
      ->group(guest)
      ->option_text("FILE");
  app.add_option("--append", typed.append, "The kernel's command line")->group(guest)->option_text("TEXT");
  app.add_option("--disk", typed.disks, "A virtio disk: a raw image or block device; FILE,ro: read-only; repeatable")
      ->allow_extra_args(false)
      ->group(guest)
      ->option_text("FILE");
  app.add_option("--bios", typed.bios, "Firmware to start from the reset vector, in place of IMAGE")
      ->group(guest)
      ->option_text("FILE");
}

void declare_debugger(CLI::App& app, Typed& typed) {
  const char* debugger = "Debugger";
  app.add_option("--gdb", typed.gdb, "HOST:PORT, :PORT, unix:PATH, stdio or none; port 0: any (127.0.0.1:1234)")
      ->group(debugger)
      ->option_text("ADDRESS");
  app.add_flag("--run", typed.run, "Start the guest at once; else it waits for a debugger")->group(debugger);
  app.add_option("--on-detach", typed.on_detach, "When the debugger leaves: run, stop or quit (run; --gdb stdio: quit)")
      ->check(CLI::IsMember({"run", "stop", "quit"}))
      ->group(debugger)
      ->option_text("ACTION");
  app.add_option("--symbols", typed.symbols,
                 "An ELF file or System.map that gdb gets its symbols from without naming one (IMAGE)")
      ->check(CLI::ExistingFile)
      ->group(debugger)
      ->option_text("FILE");
  app.add_option("--modules", typed.modules, "Where the .ko files of a Linux guest's modules are, for gdb")
      ->check(CLI::ExistingDirectory)
      ->group(debugger)
      ->option_text("DIR");
}

void declare_io(CLI::App& app, Typed& typed) {
  const char* io = "Input and output";
  app.add_option("--serial", typed.serial, "COM1: stdio, stderr, none, file:PATH, unix:PATH or pty (stdio)")
      ->group(io)
      ->option_text("WHERE");
  app.add_option("--trace", typed.traces, "kvm, io or rsp, and [:FILE]: KVM calls, port accesses, packets; repeatable")
      ->allow_extra_args(false)
      ->group(io)
      ->option_text("WHAT");
  app.add_option("--log", typed.log, "error, warning, info or debug (warning)")
      ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
      ->group(io)
      ->option_text("LEVEL");
}

// In the order in which --help has them.
void declare(CLI::App& app, Typed& typed) {
  declare_guest(app, typed);
  declare_debugger(app, typed);
  declare_io(app, typed);
  const char* qemu = "As in QEMU";
  app.add_flag("-s", typed.qemu_gdb, "--gdb :1234")->group(qemu);
  app.add_flag("-S", typed.wait,
               "Wait for a debugger (the default); -m, -kernel, -initrd, -append, -bios and -serial too")
      ->group(qemu);
}

// CLI11 cannot know of what stands behind `--`.
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
  use_usage(app, "Usage: gdbvm [OPTIONS] IMAGE [-- COMMAND ARGS...]\n       gdbvm doctor [--json]\n");
}

// What an option's value means, or its rejection.
template <class T>
T value_of(std::expected<T, std::string> parsed) {
  if (!parsed) reject(parsed.error());
  return std::move(*parsed);
}

void parse_trace(std::string_view text, Options& options) {
  const std::size_t colon = text.find(':');
  const std::string_view what = text.substr(0, colon);
  TraceOutput output;
  if (colon != text.npos) {
    output.path = text.substr(colon + 1);
    if (output.path.empty()) reject(fmt::format("--trace: '{}' names no file", text));
  }
  auto& trace = what == "kvm" ? options.trace_kvm : what == "io" ? options.trace_io : options.trace_rsp;
  if (what != "kvm" && what != "io" && what != "rsp") {
    reject(fmt::format("--trace: '{}' is not kvm[:FILE], io[:FILE] or rsp[:FILE]", text));
  }
  if (trace) reject(fmt::format("--trace: {} is asked for twice", what));
  trace = std::move(output);
}

std::optional<gdbstub::Endpoint> parse_gdb(const Typed& typed) {
  if (typed.qemu_gdb && !typed.gdb.empty()) reject("-s and --gdb contradict each other");
  if (typed.gdb.empty()) return Options{}.gdb;
  if (typed.gdb == "none") return std::nullopt;
  const auto endpoint = gdbstub::parse_endpoint(typed.gdb);
  if (!endpoint) reject("--gdb: " + endpoint.error().text);
  return *endpoint;
}

bool gdb_on_stdio(const Options& options) {
  return options.gdb && std::holds_alternative<gdbstub::StdioEndpoint>(*options.gdb);
}

// Two who want the same standard input and output cannot both have it.
SerialEndpoint choose_serial(const Typed& typed, const Options& options) {
  using namespace serial_endpoint;
  if (typed.serial.empty() && gdb_on_stdio(options)) return Stderr{};
  auto endpoint = parse_serial_endpoint(typed.serial.empty() ? "stdio" : typed.serial);
  if (!endpoint) reject("--serial: " + endpoint.error());
  if (auto* stdio = std::get_if<Stdio>(&*endpoint)) {
    if (gdb_on_stdio(options)) reject("--gdb stdio and --serial stdio contradict each other");
    stdio->input = options.command.empty();
  }
  return *endpoint;
}

void check_contradictions(const Typed& typed, const Options& options) {
  if (typed.wait && typed.run) reject("-S and --run contradict each other");
  if (!options.gdb && !typed.run) reject("with --gdb none nothing could ever start the guest: add --run");
  if (gdb_on_stdio(options) && options.on_detach == OnDetach::Stop) {
    reject("with --gdb stdio no other debugger could ever come: --on-detach stop contradicts it");
  }
  if (options.command.empty()) return;
  if (!options.gdb) reject("a COMMAND needs a debugger's address: --gdb none contradicts it");
  if (gdb_on_stdio(options)) reject("a COMMAND cannot connect to --gdb stdio");
}

// An image, or a firmware in its place.
void choose_image(const Typed& typed, Options& options) {
  if (typed.bios.empty() && typed.image.empty()) reject("no IMAGE is given");
  if (!typed.bios.empty() && !typed.image.empty()) {
    reject("--bios starts a firmware in place of IMAGE, which it would not be told of");
  }
  if (!typed.bios.empty() && typed.boot != "auto") reject("--bios and --boot contradict each other");
  options.image = typed.bios.empty() ? typed.image : typed.bios;
}

Options interpret(const Typed& typed, Arguments command) {
  using boot::Mode, boot::Protocol;
  static const std::map<std::string, Mode> modes{
      {"real", Mode::Real}, {"protected", Mode::Protected}, {"long", Mode::Long}};
  static const std::map<std::string, Protocol> protocols{{"auto", Protocol::Auto}, {"linux", Protocol::Linux},
                                                         {"pvh", Protocol::Pvh},   {"multiboot", Protocol::Multiboot},
                                                         {"elf", Protocol::Elf},   {"flat", Protocol::Flat}};
  static const std::map<std::string, OnDetach> detach_actions{
      {"run", OnDetach::Run}, {"stop", OnDetach::Stop}, {"quit", OnDetach::Quit}};
  static const std::map<std::string, LogLevel> levels{
      {"error", LogLevel::Error}, {"warning", LogLevel::Warning}, {"info", LogLevel::Info}, {"debug", LogLevel::Debug}};
  Options options;
  choose_image(typed, options);
  options.symbols = typed.symbols;
  options.modules = typed.modules;
  options.command = std::move(command);
  options.load.name = options.image;
  options.load.protocol = typed.bios.empty() ? protocols.at(typed.boot) : Protocol::Firmware;
  options.load.command_line = typed.append;
  options.initrds = typed.initrds;
  options.disks = value_of(parse_disks(typed.disks));
  if (!typed.load.empty()) options.load.load = value_of(parse_load_address(typed.load));
  if (!typed.mode.empty()) options.load.mode = modes.at(typed.mode);
  if (!typed.memory.empty()) options.memory = value_of(parse_memory_size(typed.memory));
  options.cpus = typed.cpus;
  options.gdb = parse_gdb(typed);
  options.start = typed.run ? StartMode::Run : StartMode::Wait;
  options.on_detach = gdb_on_stdio(options) ? OnDetach::Quit : OnDetach::Run;
  if (!typed.on_detach.empty()) options.on_detach = detach_actions.at(typed.on_detach);
  options.log = levels.at(typed.log);
  options.serial = choose_serial(typed, options);
  for (const std::string& trace : typed.traces) parse_trace(trace, options);
  check_contradictions(typed, options);
  return options;
}

ExitNow complaint(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return {exit_status::bad_input, fmt::format("gdbvm: {} (see gdbvm --help)", text)};
}

// Runs CLI11 and turns the ways out that it throws into values.
template <class Interpret>
std::variant<Options, ExitNow> run_parser(CLI::App& app, Arguments arguments, Interpret interpret_typed) {
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
    return interpret_typed();
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

std::variant<Options, ExitNow> parse_doctor(Arguments arguments) {
  CLI::App app("Tells what this host's KVM can do for guests and debuggers.");
  Options options;
  options.action = Action::Doctor;
  app.set_help_flag("-h,--help", "This text");
  use_usage(app, "Usage: gdbvm doctor [--json]\n");
  app.add_flag("--json", options.json, "For programs");
  return run_parser(app, std::move(arguments), [&] { return options; });
}

}  // namespace

std::variant<Options, ExitNow> parse_options(int argc, const char* const* argv) {
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
  // CLI11 knows no long options with a single dash.
  for (std::string& argument : arguments) {
    constexpr std::array long_in_qemu{"-kernel", "-initrd", "-append", "-bios", "-serial"};
    if (std::ranges::find(long_in_qemu, argument) != long_in_qemu.end()) argument.insert(0, "-");
  }
  CLI::App app("A KVM hypervisor whose front door is GDB.");
  Typed typed;
  configure(app);
  declare(app, typed);
  return run_parser(app, std::move(arguments), [&] { return interpret(typed, std::move(command)); });
}

}  // namespace gdbvm

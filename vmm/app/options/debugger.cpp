#include "vmm/app/options/debugger.h"

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/host/parse_number.h"

namespace gdbvm {

namespace {

using options::reject;

// "256M": K, M, G or T, MiB without a suffix; "off" is 0. In bytes.
std::uint64_t parse_history(const std::string& text) {
  if (text == "off") return 0;
  constexpr std::uint64_t mib = 1 << 20, max = std::uint64_t{4} << 40;
  const auto size = parse_size(text, mib, max);
  if (!size || *size == 0) reject(fmt::format("--history: '{}' is neither a size such as 256M nor off", text));
  return *size;
}

std::optional<gdbstub::Endpoint> parse_gdb(const std::string& text) {
  if (text == "none") return std::nullopt;
  const auto endpoint = gdbstub::parse_endpoint(text);
  if (!endpoint) reject("--gdb: " + endpoint.error().text);
  return *endpoint;
}

}  // namespace

DebuggerOptionGroup::DebuggerOptionGroup(CLI::App& app) {
  DebuggerOptions& o = options_;
  options::Group group(app, "Debugger");
  group.add("--gdb", "ADDRESS", "HOST:PORT, :PORT, unix:PATH, stdio or none; port 0: any (127.0.0.1:1234)",
            [&](const std::string& text) {
              o.endpoint = parse_gdb(text);
              gdb_chosen_ = true;
            });
  group.add_flag("--run", run_, "Start the guest at once; else it waits for a debugger");
  group.add_choice<OnDetach>("--on-detach", "ACTION",
                             "When the debugger leaves: run, stop or quit (run; --gdb stdio: quit)", on_detach_,
                             {{"run", OnDetach::Run}, {"stop", OnDetach::Stop}, {"quit", OnDetach::Quit}});
  group.add("--history", "SIZE", "Keep the guest's past in so much RAM, for gdb's reverse commands; or off (off)",
            [&](const std::string& text) {
              o.history = parse_history(text);
              history_chosen_ = true;
            });
  group.add("--record", "FILE",
            "Write the guest's past to a new FILE, for --replay; with --history 256M if none is given",
            [&](const std::string& text) { o.record = text; });
  group
      .add("--symbols", "FILE", "An ELF file or System.map that gdb gets its symbols from without naming one (IMAGE)",
           [&](const std::string& text) { o.symbols = text; })
      ->check(CLI::ExistingFile);
  group
      .add("--modules", "DIR", "Where the .ko files of a Linux guest's modules are, for gdb",
           [&](const std::string& text) { o.modules = text; })
      ->check(CLI::ExistingDirectory);
}

void DebuggerOptionGroup::declare_as_in_qemu(CLI::App& app) {
  options::Group group(app, "As in QEMU");
  group.add_flag("-s", qemu_gdb_, "--gdb :1234");
  group.add_flag("-S", wait_, "Wait for a debugger, the default without other options of QEMU's: -kernel, -hda ...");
}

DebuggerOptions DebuggerOptionGroup::options() const {
  DebuggerOptions options = options_;
  if (qemu_gdb_ && gdb_chosen_) reject("-s and --gdb contradict each other");
  if (wait_ && run_) reject("-S and --run contradict each other");
  constexpr std::uint64_t usual_history = 256 << 20;
  if (!options.record.empty() && !history_chosen_) options.history = usual_history;
  if (!options.record.empty() && options.history == 0) reject("--record and --history off contradict each other");
  options.start = run_ ? StartMode::Run : StartMode::Wait;
  options.on_detach = on_detach_.value_or(options.on_stdio() ? OnDetach::Quit : OnDetach::Run);
  if (!options.endpoint && !run_) reject("with --gdb none nothing could ever start the guest: add --run");
  if (options.on_stdio() && options.on_detach == OnDetach::Stop) {
    reject("with --gdb stdio no other debugger could ever come: --on-detach stop contradicts it");
  }
  return options;
}

}  // namespace gdbvm

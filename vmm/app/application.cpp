#include "vmm/app/application.h"

#include <unistd.h>

#include <memory>
#include <optional>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "gdbstub/server/server.h"
#include "vmm/app/child_command.h"
#include "vmm/app/coverage_file.h"
#include "vmm/app/debug_outputs.h"
#include "vmm/app/doctor.h"
#include "vmm/app/end_signals.h"
#include "vmm/app/exit_status.h"
#include "vmm/app/firmware_boot.h"
#include "vmm/app/guest_screen.h"
#include "vmm/app/guest_vnc.h"
#include "vmm/app/inputs.h"
#include "vmm/app/prompt.h"
#include "vmm/app/recording.h"
#include "vmm/app/saved_guest.h"
#include "vmm/app/serial_line.h"
#include "vmm/app/supervisor.h"
#include "vmm/app/traces.h"
#include "vmm/app/user_terminal.h"
#include "vmm/console/console.h"
#include "vmm/debug/program/module_files.h"
#include "vmm/debug/target/machine_target.h"
#include "vmm/host/standard_streams.h"
#include "vmm/kvm/vm.h"
#include "vmm/machine/pc_board.h"

namespace gdbvm {

namespace {

x86::CpuFeatures shown_features(kvm::System& system, const DebugFiles& files, bool modules) {
  x86::CpuFeatures features = x86::cpu_features(system.supported_cpuid());
  features.libraries = modules || files.sliding_kernel();
  return features;
}

// What is done again shows the same time again.
RtcClock rtc_of(const Options& options) {
  return options.debugger.history > 0 || options.guest.replays ? RtcClock::Machine : options.guest.rtc;
}

class Application final : private Supervised {
 public:
  // `saved`: what the guest goes on from; nullptr: its image is booted.
  Application(const Options& options, const snapshot::SavedMachine* saved);
  int run();

 private:
  void connect_devices(const Options& options);
  void open_to_debuggers(const gdbstub::Endpoint& endpoint);
  void tell_what_was_detected();
  void use_terminal();
  void start_command();
  void post(gdbstub::TargetEvent event);
  // Asked on a vCPU's thread.
  bool wanted_elsewhere() { return debuggee_.run_control().turn_should_end(); }

  // Supervised
  bool has_client() const override { return debuggee_.has_client(); }
  bool running() const override { return debuggee_.running(); }
  bool paused() const override { return debuggee_.paused(); }
  void run_guest() override { debuggee_.run(); }
  void set_ended() override { debuggee_.set_ended(); }
  bool ended() const override { return debuggee_.ended(); }
  std::optional<Exit> failure() override { return debuggee_.run_control().failure(); }
  void show_failure(const gdbstub::StopEvent& event) override;
  void end_command() override { command_.reset(); }
  void close_guest() override;
  void leave() override {
    asio::post(context_, [this] { context_.stop(); });
  }

  const Options& options_;
  const snapshot::SavedMachine* const saved_;
  asio::io_context context_;
  EndSignals signals_;
  Inputs inputs_;
  std::optional<UserTerminal> terminal_;
  Traces traces_;
  kvm::System system_;
  kvm::Vm vm_;
  SerialLine com1_, com2_;
  HeldOutput serial_output_;
  DebugOutputs debug_outputs_;
  std::optional<Console> terminal_console_;  // of the terminal, where the serial port is elsewhere
  Chipset chipset_;
  PcBoard board_;
  Machine machine_;
  Supervisor supervisor_;
  Debuggee debuggee_;
  MachineTarget target_;
  gdbstub::Session session_;
  std::optional<gdbstub::Server> server_;
  MonitorSelection terminal_selection_;
  std::optional<GuestScreen> screen_;
  std::optional<GuestVnc> vnc_;
  std::optional<ChildCommand> command_;
};

Application::Application(const Options& options, const snapshot::SavedMachine* saved)
    : options_(options),
      saved_(saved),
      signals_(context_, [this](int signal) { supervisor_.signalled(signal); }),
      inputs_(options, saved),
      terminal_(UserTerminal::is_wanted(options.io) ? std::optional<UserTerminal>(std::in_place) : std::nullopt),
      traces_(options.io),
      system_(traces_.kvm()),
      vm_(system_,
          {.cpus = options.guest.cpus, .cpuid = saved ? cpuid_of(*saved, system_) : std::vector<x86::CpuidEntry>()}),
      com1_(context_, options.io.serial, [this] { return wanted_elsewhere(); }),
      com2_(context_, options.io.serial2, [this] { return wanted_elsewhere(); }),
      serial_output_(com1_.console()),
      debug_outputs_(context_, options.io, serial_output_, [this] { return wanted_elsewhere(); }),
      chipset_(options.guest.cpus),
      board_(
          chipset_, options.guest.memory,
          {.com1 = com1_.io().output(serial_output_), .com2 = com2_.io().output(com2_.console())},
          [this] { return wanted_elsewhere(); }, rtc_of(options), options.guest.debug_exit_port),
      machine_(vm_, chipset_, options.guest.memory, std::move(inputs_.plan), traces_.host_calls()),
      supervisor_(*this, options.debugger.on_detach),
      debuggee_(machine_,
                {.features = shown_features(system_, inputs_.files, !options.debugger.modules.empty()),
                 .probe = [this] { return probe_host(system_); },
                 .quit = [this] { supervisor_.quit(); },
                 .modules = module_source(options.debugger.modules, inputs_.files),
                 .architecture = inputs_.files.architecture(),
                 .describe_machine =
                     [this] { return describe_guest(options_.guest, machine_.plan(), machine_.vcpu({0}).cpuid()); },
                 .symbols = [this] { return inputs_.files.code_symbols(); },
                 .coverage = [this] { return coverage_source(options_.observation, inputs_.files, machine_.plan()); },
                 .in_past =
                     [this](bool in_past) {
                       com1_.io().set_in_past(in_past);
                       com2_.io().set_in_past(in_past);
                     }},
                [this](gdbstub::TargetEvent event) { post(std::move(event)); }),
      target_(debuggee_, {.left = [this](bool end_is_coming) { supervisor_.client_left(end_is_coming); },
                          .program = inputs_.files.program(),
                          .sliding_kernel = inputs_.files.sliding_kernel()}),
      session_(target_) {
  connect_devices(options);
  if (saved) debuggee_.run_control().held([&] { start_from(*saved, machine_); });
  begin_past(options, saved, debuggee_);
  begin_coverage(options.observation, debuggee_);
  session_.set_trace(traces_.rsp());
  if (options.debugger.endpoint) open_to_debuggers(*options.debugger.endpoint);
  if (options.io.display == Display::Vnc) {
    vnc_.emplace(context_, debuggee_, options.io.vnc);
    tell_user("the guest's screen by VNC on {}", vnc_->address());
  }
  tell_what_was_detected();
  if (terminal_) use_terminal();
}

void Application::connect_devices(const Options& options) {
  board_.connect(machine_);
  if (options.guest.no_reboot) board_.end_at_reset();
  board_.attach_fw_cfg(inputs_.firmware_files);
  for (auto& device : inputs_.virtio) board_.attach(std::move(device));
  board_.attach(std::move(inputs_.ide));
  board_.set_missing_bios([](std::string_view sentence) { tell_user(sentence); });
  board_.set_debug_console(com1_.io().output(debug_outputs_.console()));
  if (SerialSink* log = debug_outputs_.firmware_log()) board_.attach_firmware_log(com1_.io().output(*log));
  chipset_.bus.set_trace(traces_.io());
  machine_.set_interrupt_trace(traces_.irq());
  if (terminal_ && !on_stdio(options.io.serial)) terminal_console_.emplace(context_, serial_endpoint::Stdio{});
  if (terminal_console_) terminal_console_->start_input([this](auto bytes) { return terminal_->feed(bytes); });
  com1_.connect("serial port", board_.com1(), debuggee_, [this](std::span<const std::uint8_t> bytes) {
    return terminal_ && !terminal_console_ ? terminal_->feed(bytes) : com1_.receive(bytes);
  });
  com2_.connect("second serial port", board_.com2(), debuggee_);
}

void Application::open_to_debuggers(const gdbstub::Endpoint& endpoint) {
  server_.emplace(context_, session_, endpoint);
  server_->set_when_finished([this] { supervisor_.nobody_can_connect(); });
  server_->set_log([](std::string_view line) { tell_user(line); });
  const std::string& address = server_->address();
  tell_user("listening on {}", address.empty() ? "standard input" : address);
}

// The image's format, or the snapshot's origin, and the state in which the boot CPU is now.
void Application::tell_what_was_detected() {
  const GuestOptions& guest = options_.guest;
  const char* const how = guest.replays ? "ends" : "goes on";
  const std::string what = saved_ ? fmt::format("{}, {}, {}", guest.restore, origin_of(*saved_), how)
                                  : fmt::format("{} is a {}, entered", guest.image, machine_.plan().format);
  const x86::GeneralRegisters general = machine_.vcpu({0}).general();
  const x86::SystemRegisters system = machine_.vcpu({0}).system();
  tell_user("{} at {:#x} in {}", what, x86::linear_pc(system, general.rip),
            x86::name_of(x86::mode_of(system, general.rflags)));
  if (!inputs_.files.remark().empty()) tell_user(inputs_.files.remark());
  if (!saved_) return;
  if (const std::string remark = remark_of(*saved_, guest.image); !remark.empty()) tell_user("{}", remark);
}

void Application::use_terminal() {
  Console& console = terminal_console_ ? *terminal_console_ : com1_.console();
  if (GuestScreen::possible()) {
    screen_.emplace(context_, debuggee_, console, terminal_console_ ? nullptr : &serial_output_);
  }
  const auto show_screen = [this](bool shown) {
    if (shown) terminal_->use_other_screen(true);
    screen_->show(shown);
    if (!shown) terminal_->use_other_screen(false);
  };
  terminal_->use(
      context_,
      {.to_guest = [this](std::span<const std::uint8_t> bytes) { return terminal_console_ || com1_.receive(bytes); },
       .show_screen = screen_ ? std::function<void(bool)>(show_screen) : nullptr,
       .to_keyboard = [this](std::span<const std::uint8_t> bytes) { screen_->type(bytes); },
       .run_command = [this](std::string_view line,
                             const Print& print) { return run_at_prompt(debuggee_, terminal_selection_, line, print); },
       .later = [&console](std::function<void()> then) { console.when_room(std::move(then)); },
       .quit = [this] { supervisor_.quit(); },
       .print = [&console](std::string_view text) { console.say(text); }});
  const bool as_screen = options_.io.display == Display::Terminal;
  tell_user("this terminal is the guest's {}; Ctrl-A x quits, Ctrl-A h helps",
            as_screen ? "screen and keyboard" : "serial port");
  if (as_screen) terminal_->show_screen(true);
}

// On any thread.
void Application::post(gdbstub::TargetEvent event) {
  std::optional<gdbstub::StopEvent> stop;
  if (const auto* found = std::get_if<gdbstub::StopEvent>(&event)) stop = *found;
  const auto* exited = stop ? std::get_if<gdbstub::stop::Exited>(&stop->reason) : nullptr;
  if (exited) asio::post(context_, [this, status = exited->status] { supervisor_.guest_ended(status); });
  if (server_) server_->post(std::move(event));
  if (stop) asio::post(context_, [this, stop = std::move(*stop)] { supervisor_.stopped(stop); });
}

void Application::show_failure(const gdbstub::StopEvent& event) {
  std::string text = event.message;
  debuggee_.registers_of(event.thread).for_each([&](std::string_view name, std::string_view value) {
    constexpr std::size_t widest = 18;  // wider are vectors, which tell nothing here
    if (value.size() <= widest) text += fmt::format("\n  {:<16} {}", name, value);
  });
  if (terminal_) terminal_->show_screen(false);
  tell_user(text);
}

void Application::close_guest() {
  asio::post(context_, [this] {
    debuggee_.end();
    server_.reset();
  });
}

void Application::start_command() {
  if (options_.command.empty()) return;
  command_.emplace(context_, options_.command, remote_of(server_ ? server_->address() : ""), [this](int status) {
    command_.reset();
    supervisor_.command_ended(status);
  });
  supervisor_.command_started();
}

int Application::run() {
  const auto work = asio::make_work_guard(context_);
  start_command();
  if (options_.debugger.start == StartMode::Run) debuggee_.run();
  context_.run();
  if (screen_) screen_->leave();
  if (terminal_) terminal_->disuse();  // its commands work on the guest
  const bool written = write_coverage(options_.observation, debuggee_);
  debuggee_.end();  // its threads post to what ends before it
  debuggee_.history().end_recording();
  return written ? supervisor_.status() : exit_status::host_error;
}

}  // namespace

int run_application(const Options& options) {
  Options resolved = options;
  if (options.guest.restore.empty()) {
    resolved.guest = with_firmware(options.guest);
    return Application(resolved, nullptr).run();
  }
  const std::string& file = options.guest.restore;
  const snapshot::SavedMachine saved = options.guest.replays ? open_recording(file) : open_snapshot(file);
  resolved.guest = options_of(saved, options.guest);
  return Application(resolved, &saved).run();
}

}  // namespace gdbvm

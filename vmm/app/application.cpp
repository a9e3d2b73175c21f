// The whole program put together.
#include "vmm/app/application.h"

#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>

#include "gdbstub/server/server.h"
#include "vmm/app/child_command.h"
#include "vmm/app/doctor.h"
#include "vmm/app/exit_status.h"
#include "vmm/app/image_plan.h"
#include "vmm/app/trace_file.h"
#include "vmm/console/console.h"
#include "vmm/console/terminal.h"
#include "vmm/console/terminal_mode.h"
#include "vmm/debug/program/debug_files.h"
#include "vmm/debug/program/module_files.h"
#include "vmm/debug/target/machine_target.h"
#include "vmm/host/standard_streams.h"
#include "vmm/kvm/vm.h"
#include "vmm/machine/pc_board.h"
#include "vmm/machine/virtio_devices.h"

namespace gdbvm {

namespace {

// Keys are the guest's where standard input is a terminal and the serial port's.
std::optional<TerminalMode> raw_mode_for(const Options& options) {
  const auto* stdio = std::get_if<serial_endpoint::Stdio>(&options.io.serial);
  if (!stdio || !stdio->input || !::isatty(STDIN_FILENO)) return std::nullopt;
  return std::optional<TerminalMode>(std::in_place, STDIN_FILENO);
}

int status_of_failure(const std::optional<Exit>& failure) {
  if (!failure) return exit_status::host_error;
  if (std::holds_alternative<exits::Shutdown>(*failure)) return exit_status::triple_fault;
  if (std::holds_alternative<exits::InternalError>(*failure)) return exit_status::internal_error;
  return exit_status::failed_entry;
}

class Application final {
 public:
  explicit Application(const Options& options);
  int run();

 private:
  void post(gdbstub::TargetEvent event);
  void note_end(int status);
  void after_stop(const gdbstub::StopEvent& event);
  void after_desertion();
  void report_failure(const gdbstub::StopEvent& event);
  void finish(int status);
  void say_what_was_detected();
  void run_at_prompt(std::string_view line, const Print& print);
  void use_terminal();
  void watch_job_control();
  void add_signals();
  void watch_signals();
  void start_command();

  const Options& options_;
  std::vector<std::unique_ptr<virtio::Device>> virtio_;  // first: what is bad fails before there is a VM
  boot::BootPlan plan_;                                  // so does a bad image
  DebugFiles files_;                                     // so do bad symbols
  std::optional<TerminalMode> raw_mode_;                 // before there are threads: it forks
  std::optional<TraceFile> kvm_trace_file_, io_trace_file_, rsp_trace_file_;
  std::optional<kvm::KvmTrace> kvm_trace_;
  asio::io_context context_;
  asio::signal_set signals_{context_}, job_control_{context_};
  kvm::System system_;
  kvm::Vm vm_;
  Console console_;
  PcBoard board_;
  Machine machine_;
  Debuggee debuggee_;
  MachineTarget target_;
  gdbstub::Session session_;
  std::optional<gdbstub::Server> server_;
  std::optional<Terminal> terminal_;  // where standard input is one
  MonitorSelection terminal_selection_;
  std::optional<ChildCommand> command_;
  int status_ = exit_status::success;
  bool finished_ = false;
};

kvm::KvmTrace* open_trace(const Options& options, std::optional<TraceFile>& file, std::optional<kvm::KvmTrace>& trace) {
  if (!options.io.trace_kvm) return nullptr;
  file.emplace(options.io.trace_kvm->path);
  return &trace.emplace([&file](std::string_view line) { file->write(line); });
}

Application::Application(const Options& options)
    : options_(options),
      virtio_(virtio_devices(options.guest.disks)),
      plan_(plan_image(options.guest, virtio_.size())),
      files_(options.guest.image, options.debugger.symbols, plan_),
      raw_mode_(raw_mode_for(options)),
      system_(open_trace(options, kvm_trace_file_, kvm_trace_)),
      vm_(system_, {.cpus = options.guest.cpus}),
      console_(context_, options.io.serial, [this] { return debuggee_.run_control().turn_should_end(); }),
      board_(vm_, options.guest.memory, console_),
      machine_(vm_, board_.bus(), options.guest.memory, options.guest.cpus, std::move(plan_),
               kvm_trace_ ? kvm_trace_->host_calls() : nullptr),
      debuggee_(machine_,
                {.features = x86::cpu_features(system_.supported_cpuid()),
                 .probe = [this] { return probe_host(system_); },
                 .quit = [this] { finish(exit_status::success); },
                 .modules = module_source(options.debugger.modules, files_),
                 .architecture = files_.architecture()},
                [this](gdbstub::TargetEvent event) { post(std::move(event)); }),
      target_(debuggee_, {.on_detach = options.debugger.on_detach,
                          .program = files_.program(),
                          .sliding_kernel = files_.sliding_kernel()}),
      session_(target_) {
  board_.connect(machine_);
  for (auto& device : virtio_) board_.attach(std::move(device));
  if (options.guest.load.protocol == boot::Protocol::Firmware) board_.attach_debug_console();
  if (options.io.trace_io) board_.bus().set_trace(io_trace_file_.emplace(options.io.trace_io->path).io_trace());
  if (options.io.trace_rsp) session_.set_trace(rsp_trace_file_.emplace(options.io.trace_rsp->path).rsp_trace());
  console_.start_input([this](std::span<const std::uint8_t> bytes) {
    return terminal_ ? terminal_->feed(bytes) : board_.serial().receive(bytes);
  });
  board_.serial().set_input_wanted([this] { console_.resume_input(); });
  if (const std::string address = console_.address(); !address.empty()) {
    tell_user("serial port on {}", address);
  }
  if (options.debugger.endpoint) {
    server_.emplace(context_, session_, *options.debugger.endpoint);
    const std::string& address = server_->address();
    server_->set_when_finished([this] { after_desertion(); });
    server_->set_log([](std::string_view line) { tell_user("{}", line); });
    tell_user("listening on {}", address.empty() ? "standard input" : address);
  }
  say_what_was_detected();
  add_signals();
  watch_signals();
  if (raw_mode_) use_terminal();
}

// The image's format, and the state in which the boot CPU is now.
void Application::say_what_was_detected() {
  const boot::BootPlan& plan = machine_.plan();
  tell_user("{} is a {}, entered at {:#x} in {}", options_.guest.image, plan.format,
            x86::linear_pc(plan.system, plan.general.rip),
            x86::name_of(x86::mode_of(plan.system, plan.general.rflags)));
  if (!files_.remark().empty()) tell_user("{}", files_.remark());
}

// On any thread. The debugger hears of an event first; what it means for the process comes after. Only that the guest
// has ended is known before: a debugger that hears of it may be gone before this thread gets any further.
void Application::post(gdbstub::TargetEvent event) {
  std::optional<gdbstub::StopEvent> stop;
  if (const auto* found = std::get_if<gdbstub::StopEvent>(&event)) stop = *found;
  const auto* exited = stop ? std::get_if<gdbstub::stop::Exited>(&stop->reason) : nullptr;
  if (exited) asio::post(context_, [this, status = exited->status] { note_end(status); });
  if (server_) server_->post(std::move(event));
  if (stop) asio::post(context_, [this, stop = std::move(*stop)] { after_stop(stop); });
}

void Application::note_end(int status) {
  status_ = status;
  debuggee_.set_ended();
}

void Application::after_stop(const gdbstub::StopEvent& event) {
  using namespace gdbstub;
  if (std::holds_alternative<stop::Exited>(event.reason)) {
    if (!debuggee_.has_client()) finish(status_);
    return;
  }
  if (debuggee_.has_client() || debuggee_.running()) return;
  if (!event.message.empty()) return report_failure(event);
  // A stop that the client which caused it did not wait for.
  if (options_.debugger.on_detach == OnDetach::Run && !debuggee_.paused()) debuggee_.run();
}

// Whether or not the client that will have no successor has said a word.
void Application::after_desertion() {
  if (options_.debugger.on_detach == OnDetach::Quit) return finish(exit_status::success);
  if (!debuggee_.running()) debuggee_.run();
}

void Application::report_failure(const gdbstub::StopEvent& event) {
  const int status = status_of_failure(debuggee_.run_control().failure());
  std::string text = event.message;
  debuggee_.registers_of(event.thread).for_each([&](std::string_view name, std::string_view value) {
    constexpr std::size_t widest = 18;  // wider are vectors, which tell nothing here
    if (value.size() <= widest) text += fmt::format("\n  {:<16} {}", name, value);
  });
  tell_user(text);
  finish(status);
}

// With a command beside the guest, the process ends when the command does, and as it does.
void Application::finish(int status) {
  if (finished_) return;
  if (command_) {
    // Behind the reply to what ended the guest.
    asio::post(context_, [this] {
      debuggee_.end();
      server_.reset();
    });
    return;
  }
  finished_ = true;
  if (status_ == exit_status::success) status_ = status;
  asio::post(context_, [this] { context_.stop(); });
}

// The prompt waits for its command, so this thread does: of one that goes on for long only the beginning is shown.
void Application::run_at_prompt(std::string_view line, const Print& print) {
  constexpr int max_pieces = 10;  // of 50 ms
  MonitorContext context{
      debuggee_, terminal_selection_.cpu.value_or(gdbstub::ThreadId{1}), terminal_selection_, print, {}};
  const auto done = run_monitor_command(context, line);
  if (!done) return print(done.error().text + "\n");
  if (!context.rest) return;
  for (int i = 0; i < max_pieces; ++i) {
    if (context.rest(print) != gdbstub::Progress::Unfinished) return;
  }
  print("there is more than fits here; gdb's `monitor` shows all of it\n");
}

void Application::use_terminal() {
  terminal_.emplace(
      Terminal::Uses{.to_guest = [this](std::span<const std::uint8_t> bytes) { return board_.serial().receive(bytes); },
                     .run_command = [this](std::string_view line, const Print& print) { run_at_prompt(line, print); },
                     .quit = [this] { finish(exit_status::success); },
                     .print = [this](std::string_view text) { console_.say(text); }});
  tell_user("this terminal is the guest's serial port; Ctrl-A x quits, Ctrl-A h helps");
  job_control_.add(SIGTSTP);
  job_control_.add(SIGCONT);
  watch_job_control();
}

// The shell that gets the terminal meanwhile is to find it as it was.
void Application::watch_job_control() {
  job_control_.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGTSTP) {
      raw_mode_->leave();
      ::raise(SIGSTOP);
    }
    raw_mode_->enter();
    watch_job_control();
  });
}

// Those that would end the process on the spot, with its sockets left behind. What nohup and its like have had ignored
// stays so.
void Application::add_signals() {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU}) {
    struct sigaction found{};
    const bool ignored = ::sigaction(signal, nullptr, &found) == 0 && found.sa_handler == SIG_IGN;
    if (!ignored || signal == SIGINT || signal == SIGTERM) signals_.add(signal);
  }
}

void Application::watch_signals() {
  signals_.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    // Ctrl-C and Ctrl-\ at the terminal are meant for the debugger beside us.
    if ((signal == SIGINT || signal == SIGQUIT) && command_) return watch_signals();
    constexpr int ended_by_signal = 128;
    command_.reset();
    finish(ended_by_signal + signal);
  });
}

// As gdb's `target remote` takes it: a socket's path by itself.
std::string remote_of(const std::optional<gdbstub::Server>& server) {
  constexpr std::string_view prefix = "unix:";
  const std::string address = server ? server->address() : "";
  return address.starts_with(prefix) ? address.substr(prefix.size()) : address;
}

void Application::start_command() {
  if (options_.command.empty()) return;
  command_.emplace(context_, options_.command, remote_of(server_), [this](int status) {
    command_.reset();
    status_ = status;
    finish(status);
  });
}

int Application::run() {
  const auto work = asio::make_work_guard(context_);
  start_command();
  if (options_.debugger.start == StartMode::Run) debuggee_.run();
  context_.run();
  debuggee_.end();  // its threads post to what ends before it
  return status_;
}

}  // namespace

int run_application(const Options& options) { return Application(options).run(); }

}  // namespace gdbvm

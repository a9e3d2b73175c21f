#include "vmm/app/supervisor.h"

#include <csignal>

namespace gdbvm {

namespace {

int status_of(const std::optional<Exit>& failure) {
  if (!failure) return exit_status::host_error;
  if (std::holds_alternative<exits::Shutdown>(*failure)) return exit_status::triple_fault;
  if (std::holds_alternative<exits::InternalError>(*failure)) return exit_status::internal_error;
  return exit_status::failed_entry;
}

}  // namespace

void Supervisor::command_ended(int status) {
  with_command_ = false;
  status_ = status;
  finish(status);
}

void Supervisor::guest_ended(int status) {
  status_ = status;
  subject_.set_ended();
}

void Supervisor::stopped(const gdbstub::StopEvent& event) {
  if (std::holds_alternative<gdbstub::stop::Exited>(event.reason)) {
    if (!subject_.has_client()) finish(status_);
    return;
  }
  if (subject_.has_client() || subject_.running()) return;
  if (!event.message.empty()) {
    subject_.show_failure(event);
    return finish(status_of(subject_.failure()));
  }
  // A stop that the debugger which caused it did not wait for.
  if (on_detach_ == OnDetach::Run && !subject_.paused()) subject_.run_guest();
}

void Supervisor::client_left(bool end_is_coming) {
  if (subject_.ended()) return quit();
  if (end_is_coming) return;
  if (on_detach_ == OnDetach::Run) subject_.run_guest();
  if (on_detach_ == OnDetach::Quit) quit();
}

void Supervisor::nobody_can_connect() {
  if (on_detach_ == OnDetach::Quit) return quit();
  if (!subject_.running()) subject_.run_guest();
}

void Supervisor::signalled(int signal) {
  constexpr int ended_by_signal = 128;
  // Ctrl-C and Ctrl-\\ at the terminal are meant for the debugger beside us.
  if (with_command_ && (signal == SIGINT || signal == SIGQUIT)) return;
  if (with_command_) subject_.end_command();
  with_command_ = false;
  finish(ended_by_signal + signal);
}

void Supervisor::finish(int status) {
  if (finished_) return;
  if (with_command_) return subject_.close_guest();
  finished_ = true;
  if (status_ == exit_status::success) status_ = status;
  subject_.leave();
}

}  // namespace gdbvm

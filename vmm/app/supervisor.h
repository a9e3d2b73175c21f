// Decides what happens to the guest and the process when the guest ends or fails, a debugger leaves, the command beside
// the guest ends, or a signal asks for the end.
#pragma once

#include <optional>

#include "gdbstub/target.h"
#include "vmm/app/exit_status.h"
#include "vmm/app/options/debugger.h"
#include "vmm/hypervisor/exit.h"

namespace gdbvm {

// What the supervisor decides over.
class Supervised {
 public:
  virtual ~Supervised() = default;
  virtual bool has_client() const = 0;  // a debugger is connected
  virtual bool running() const = 0;     // some CPU runs
  virtual bool paused() const = 0;      // a user without a debugger has stopped the guest
  virtual void run_guest() = 0;         // CPUs that are stopped run on
  // The guest has exited. A restart makes it untrue.
  virtual void set_ended() = 0;
  virtual bool ended() const = 0;
  virtual std::optional<Exit> failure() = 0;  // how KVM_RUN failed; nullopt: the host did
  virtual void show_failure(const gdbstub::StopEvent& event) = 0;
  virtual void end_command() = 0;  // and wait for its end
  // Both after what is under way, such as a reply to the debugger.
  virtual void close_guest() = 0;  // it never runs again, and no debugger can connect
  virtual void leave() = 0;        // the process ends
};

// Everything is called on the debugger's thread.
class Supervisor final {
 public:
  Supervisor(Supervised& subject, OnDetach on_detach) : subject_(subject), on_detach_(on_detach) {}

  // From now until its end, a command runs beside the guest: the process ends when it does, and with its status.
  void command_started() { with_command_ = true; }
  void command_ended(int status);
  // Before a debugger hears of it: one that does may be gone before anything else happens.
  void guest_ended(int status);
  // After a debugger has heard of it.
  void stopped(const gdbstub::StopEvent& event);
  // A debugger has left. `end_is_coming`: the guest has just ended, and guest_ended() and stopped() will say so.
  void client_left(bool end_is_coming);
  // Nobody can connect any more, whether or not somebody ever was connected.
  void nobody_can_connect();
  void quit() { finish(exit_status::success); }  // a debugger, or the user at the terminal, asks for the end
  void signalled(int signal);                    // one that ends processes

  int status() const { return status_; }  // the process's

 private:
  void finish(int status);

  Supervised& subject_;
  const OnDetach on_detach_;
  bool with_command_ = false;
  bool finished_ = false;
  int status_ = exit_status::success;
};

}  // namespace gdbvm

#include "vmm/app/recording.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "vmm/app/doctor.h"
#include "vmm/host/fd.h"
#include "vmm/host/setup_error.h"
#include "vmm/host/standard_streams.h"
#include "vmm/snapshot/file_writer.h"

namespace gdbvm {

namespace {

// Nothing that is there already is written to.
Fd make_file(const std::string& path) {
  Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) throw SetupError(fmt::format("--record: cannot make {}: {}", path, std::strerror(errno)));
  return file;
}

// The machine as it stands. The result is where that ends.
std::uint64_t write_machine(int fd, const std::string& path, Debuggee& debuggee) {
  Machine& machine = debuggee.machine();
  auto writer = snapshot::FileWriter::into(fd, path, machine.memory(), snapshot::recording_file);
  if (auto done = writer.write_machine(machine, debuggee.describe_machine()); !done) throw SetupError(done.error());
  if (auto done = writer.more([] { return false; }); !done) throw SetupError(done.error());
  struct stat status{};
  if (::fstat(fd, &status) < 0) throw SetupError(fmt::format("cannot examine {}: {}", path, std::strerror(errno)));
  return static_cast<std::uint64_t>(status.st_size);
}

// The history that begins next, in a new file.
void record_in(const std::string& path, Debuggee& debuggee) {
  Fd file = make_file(path);
  try {
    const std::uint64_t end = debuggee.run_control().held([&] { return write_machine(file.get(), path, debuggee); });
    debuggee.history().record({std::move(file), end, [path](int error_number) {
                                 tell_user("the recording {} ends here: {}", path, std::strerror(error_number));
                               }});
  } catch (...) {
    (void)::unlink(path.c_str());
    throw;
  }
}

void replay(const snapshot::SavedMachine& recording, const std::string& path, Debuggee& debuggee) {
  try {
    debuggee.history().replay(recording.rest());
  } catch (const StateError& error) {
    throw SetupError(fmt::format("{} is damaged: {}", path, error.what()));
  }
}

}  // namespace

snapshot::SavedMachine open_recording(const std::string& path) {
  auto recording = snapshot::SavedMachine::open(path, snapshot::recording_file);
  if (!recording) throw SetupError(recording.error());
  const std::string& there = recording->description().backend;
  if (const std::string here = kvm_backend(); there != here) {
    throw SetupError(
        fmt::format("{} was recorded on a host with {}, and this one has {}: the guest would not do the "
                    "same here",
                    path, there, here));
  }
  return std::move(*recording);
}

void begin_past(const Options& options, const snapshot::SavedMachine* saved, Debuggee& debuggee) {
  if (options.guest.replays) return replay(*saved, options.guest.restore, debuggee);
  const DebuggerOptions& past = options.debugger;
  if (past.history == 0) return;
  if (const auto one = debuggee.history().require_one_cpu(); !one) throw SetupError(one.error().text);
  if (!past.record.empty()) record_in(past.record, debuggee);
  if (const auto kept = debuggee.history().begin(past.history); !kept) throw SetupError(kept.error().text);
}

}  // namespace gdbvm

#include "vmm/monitor/snapshot_file.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "vmm/monitor/context.h"
#include "vmm/snapshot/file_writer.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Progress;
using gdbstub::Result;

namespace {

class SnapshotFile final {
 public:
  SnapshotFile(Debuggee& debuggee, std::string path, snapshot::FileWriter file)
      : debuggee_(debuggee),
        path_(std::move(path)),
        hold_(debuggee.run_control().hold()),
        resets_(debuggee.run_control().held([&] { return debuggee.run_control().resets(); })),
        file_(std::move(file)) {}

  // Inside held().
  Result<Progress> more(const Print& print) {
    if (debuggee_.run_control().resets() != resets_) return fail("the machine has started over, so there is no file");
    const gdbstub::PieceTimer timer;
    if (const auto begun = begin(); !begun) return std::unexpected(begun.error());
    const auto done = file_.more([&] { return timer.is_up(); });
    if (!done) return fail(done.error());
    if (!*done) return Progress::Unfinished;
    print(fmt::format("saved in {}\n", path_));
    return Progress::Done;
  }

 private:
  Result<> begin() {
    if (std::exchange(begun_, true)) return {};
    try {
      const auto written = file_.write_machine(debuggee_.machine(), debuggee_.describe_machine());
      if (!written) return fail(written.error());
    } catch (const StateError& error) {
      return fail(error.what());
    }
    return {};
  }

  Debuggee& debuggee_;
  const std::string path_;
  const GuestHold hold_;
  const std::uint64_t resets_;
  snapshot::FileWriter file_;
  bool begun_ = false;
};

}  // namespace

Result<> save_to_file(MonitorContext& context, const std::string& path) {
  Debuggee& debuggee = context.debuggee;
  if (auto parked = debuggee.run_control().require_parked(); !parked) return parked;
  auto file = snapshot::FileWriter::beside(path, debuggee.machine().memory());
  if (!file) return fail(file.error());
  const auto saved = std::make_shared<SnapshotFile>(debuggee, path, std::move(*file));
  context.rest = [&debuggee, saved](const Print& print) {
    return debuggee.run_control().held([&] { return saved->more(print); });
  };
  return {};
}

}  // namespace gdbvm::monitor

#include "vmm/debug/control/named_snapshots.h"

#include <fmt/format.h>

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

Result<> NamedSnapshots::take(const std::string& name) {
  if (const auto parked = control_.require_parked(); !parked) return parked;
  return control_.held([&]() -> Result<> {
    try {
      Snapshot snapshot{snapshots_of_machine_.take(), control_.slide().slide().bytes(), machine_.clock().now(), {}};
      for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
        Processor& cpu = machine_.vcpu({i});
        snapshot.cpus.push_back({pc_of(cpu), cpu.run_state()});
      }
      snapshots_.insert_or_assign(name, std::move(snapshot));
      return {};
    } catch (const StateError& error) {
      return fail(error.what());
    }
  });
}

Result<> NamedSnapshots::put_back(const std::string& name) {
  if (const auto parked = control_.require_parked(); !parked) return parked;
  const auto found = find(name);
  if (!found) return std::unexpected(found.error());
  const Snapshot& snapshot = (*found)->second;
  return control_.held([&]() -> Result<> {
    try {
      control_.replace_machine([&] { snapshots_of_machine_.put_back(snapshot.machine); }, snapshot.slide);
      return {};
    } catch (const StateError& error) {
      return fail(error.what());
    }
  });
}

Result<> NamedSnapshots::remove(const std::string& name) {
  const auto found = find(name);
  if (!found) return std::unexpected(found.error());
  control_.held([&] {
    snapshots_.erase(*found);
    snapshots_of_machine_.rest();
  });
  return {};
}

std::string NamedSnapshots::free_name() const {
  for (unsigned number = 1;; ++number) {
    std::string name = fmt::format("vm{}", number);
    if (!snapshots_.contains(name)) return name;
  }
}

Result<std::map<std::string, NamedSnapshots::Snapshot>::const_iterator> NamedSnapshots::find(
    const std::string& name) const {
  const auto found = snapshots_.find(name);
  if (found == snapshots_.end()) return fail(fmt::format("there is no snapshot '{}'; see: info snapshots", name));
  return found;
}

}  // namespace gdbvm

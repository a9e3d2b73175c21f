#include "vmm/debug/control/coverage.h"

#include <utility>

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

Result<> Coverage::begin(const HostStops& host) {
  if (host.int3[HostStops::Long] == HostStops::Int3::GoesToGuest)
    return fail("this host's KVM hands every int3 to the guest, so there is no coverage (gdbvm doctor)");
  if (!source_) {
    auto read = read_();
    if (!read) return std::unexpected(read.error());
    source_ = std::move(*read);
    executed_.assign(source_->map.addresses().size(), false);
  }
  if (!std::exchange(on_, true)) watch();
  return {};
}

void Coverage::watch() {
  const auto addresses = source_->map.addresses();
  std::vector<OneShots::Place> places;
  watched_.clear();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (executed_[i]) continue;
    places.push_back({{addresses[i]}, source_->loaded[i]});
    watched_.push_back(i);
  }
  control_.held([&] { control_.watch_once(std::move(places)); });
}

void Coverage::collect() {
  if (!on_) return;
  control_.held([&] {
    const std::vector<bool>& passed = control_.passed_once();
    for (std::size_t i = 0; i < passed.size(); ++i) {
      if (passed[i]) executed_[watched_[i]] = true;
    }
  });
}

void Coverage::end() {
  collect();
  on_ = false;
  control_.held([&] { control_.watch_once({}); });
}

void Coverage::reset() {
  executed_.assign(executed_.size(), false);
  if (on_) watch();
}

Result<std::vector<coverage::CoverageMap::File>> Coverage::report() {
  if (!source_) return fail("nothing has been looked at: coverage on");
  collect();
  return source_->map.report(executed_);
}

}  // namespace gdbvm

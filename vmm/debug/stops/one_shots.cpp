#include "vmm/debug/stops/one_shots.h"

#include <algorithm>
#include <utility>

#include "vmm/debug/stops/address_resolver.h"

namespace gdbvm {

OneShots::OneShots(Machine& machine, SoftwareBreakpoints& planted, const HostStops& host, Now now)
    : machine_(machine), planted_(planted), host_(host), now_(std::move(now)), seen_(machine.cpus()) {}

void OneShots::watch(std::vector<Place> places) {
  planted_.lift_once();
  (void)planted_.take_passed();
  places_ = std::move(places);
  passed_.assign(places_.size(), false);
  memory_replaced();
}

const std::vector<bool>& OneShots::passed() {
  collect();
  return passed_;
}

void OneShots::collect() {
  for (const Gpa where : planted_.take_passed()) {
    const auto found = at_.find(where);
    if (found == at_.end()) continue;
    passed_[found->second] = true;
    at_.erase(found);
  }
}

void OneShots::memory_replaced() {
  collect();
  planted_.lift_once();
  at_.clear();
  sought_.clear();
  for (std::size_t place = 0; place < places_.size(); ++place) {
    if (!passed_[place]) sought_.push_back(place);
  }
  pause_ = shortest_pause;
  looks_at_once_ = looks();
}

bool OneShots::due(Vcpu& vcpu) const {
  if (at_.empty() && !looks()) return false;
  const x86::SystemRegisters now = address_space_of(vcpu, host_).paging;
  return looks_at_once_ || seen_[vcpu.index().value] != now || now_() >= next_look_;
}

void OneShots::plant(Vcpu& vcpu, std::optional<std::uint64_t> slide) {
  collect();
  const bool overwritten = planted_.repair_once();
  const std::vector<AddressSpace> spaces = address_spaces(machine_, vcpu, host_);
  const std::size_t before = sought_.size();
  AddressResolver resolver(machine_.memory());
  std::erase_if(sought_, [&](std::size_t place) { return plant_place(place, spaces, slide, resolver); });
  looks_at_once_ = false;
  pause_ = overwritten || sought_.size() < before ? shortest_pause : std::min(2 * pause_, longest_pause);
  next_look_ = now_() + pause_;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) seen_[i] = address_space_of(machine_.vcpu({i}), host_).paging;
}

// true: it need not be sought any more.
bool OneShots::plant_place(std::size_t place, const std::vector<AddressSpace>& spaces,
                           std::optional<std::uint64_t> slide, AddressResolver& resolver) {
  const auto& [address, loaded] = places_[place];
  if (passed_[place]) return true;
  bool mapped = false, stands = false;
  for (const AddressSpace& space : spaces) {
    if (!slide || !space.reaches(address + *slide)) continue;
    const auto where = resolver.resolve(space, address + *slide);
    mapped = mapped || where;
    if (where && space.int3_stops) stands = plant_at(*where, place) || stands;
  }
  // Where it is mapped to other memory than it was loaded to, the guest is going to copy it.
  if (loaded && !mapped && spaces.front().int3_stops) stands = plant_at(*loaded, place);
  return stands;
}

bool OneShots::plant_at(Gpa where, std::size_t place) {
  if (at_.contains(where)) return true;
  if (machine_.memory().is_rom(where) || !planted_.plant_once(where)) return false;
  at_.emplace(where, place);
  return true;
}

}  // namespace gdbvm

// Field by field, in the order of the struct. What changes here changes the file's format.
#include "vmm/snapshot/description.h"

#include <tuple>

namespace gdbvm::snapshot {

namespace {

void put_text(StateWriter& to, std::string_view text) { to.put_list(std::span<const char>(text)); }

std::string get_text(StateReader& from) {
  const auto characters = from.get_list<char>();
  return {characters.begin(), characters.end()};
}

// So that it can be shown: the year 9999 ends.
constexpr std::chrono::sys_seconds latest_time(std::chrono::seconds(253'402'300'799));

// One of the enumerators 0 .. last.
template <class Enum>
Enum get_enum(StateReader& from, Enum last) {
  const auto value = from.get<std::uint8_t>();
  if (value > static_cast<std::uint8_t>(last)) throw StateError("there is a choice that this gdbvm does not know");
  return static_cast<Enum>(value);
}

void put_disks(StateWriter& to, const std::vector<Disk>& disks) {
  to.put(static_cast<std::uint32_t>(disks.size()));
  for (const Disk& disk : disks) {
    put_text(to, disk.path);
    to.put(static_cast<std::uint8_t>(disk.mode));
    to.put(static_cast<std::uint8_t>(disk.bus));
  }
}

std::vector<Disk> get_disks(StateReader& from) {
  std::vector<Disk> disks;
  for (auto count = from.get<std::uint32_t>(); count > 0; --count) {
    std::string path = get_text(from);
    const auto mode = get_enum(from, DiskMode::Snapshot);
    disks.push_back({std::move(path), mode, get_enum(from, DiskBus::Floppy)});
  }
  return disks;
}

}  // namespace

void put(StateWriter& to, const Description& d) {
  put_text(to, d.name);
  to.put(std::int64_t{d.time.time_since_epoch().count()});
  to.put(d.cpus);
  to.put_list(std::span<const x86::CpuidEntry>(d.cpuid));
  put_text(to, d.backend);
  put_disks(to, d.disks);
  put_text(to, d.image);
  put_text(to, d.format);
  to.put(static_cast<std::uint8_t>(d.architecture));
  to.put(static_cast<std::uint8_t>(d.sliding_kernel.has_value()));
  to.put(d.sliding_kernel.value_or(Gva{}).value);
  to.put(d.entry.value);
}

Description get_description(StateReader& from) {
  Description d;
  d.name = get_text(from);
  d.time = std::chrono::sys_seconds(std::chrono::seconds(from.get<std::int64_t>()));
  if (d.time.time_since_epoch().count() < 0 || d.time > latest_time) throw StateError("it is of no time");
  d.cpus = from.get<std::uint32_t>();
  constexpr std::uint32_t most_cpus = 255;  // as many as there are APIC ids
  if (d.cpus < 1 || d.cpus > most_cpus) throw StateError("there is no machine of so many CPUs");
  d.cpuid = from.get_list<x86::CpuidEntry>();
  d.backend = get_text(from);
  d.disks = get_disks(from);
  d.image = get_text(from);
  d.format = get_text(from);
  d.architecture = get_enum(from, boot::GuestArchitecture::X86_64);
  const bool slides = from.get<std::uint8_t>() != 0;
  const Gva sliding_kernel{from.get<std::uint64_t>()};
  if (slides) d.sliding_kernel = sliding_kernel;
  d.entry = {from.get<std::uint64_t>()};
  return d;
}

}  // namespace gdbvm::snapshot

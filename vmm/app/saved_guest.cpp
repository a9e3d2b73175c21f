#include "vmm/app/saved_guest.h"

#include <chrono>
#include <filesystem>

#include <fmt/chrono.h>

#include "vmm/app/doctor.h"
#include "vmm/host/setup_error.h"
#include "vmm/kvm/system.h"
#include "vmm/machine/machine.h"
#include "vmm/snapshot/disk_states.h"
#include "vmm/x86/cpu_features.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {

using snapshot::Description;
using snapshot::SavedMachine;

namespace {

std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal(); }

// Those that were written go on in memory: the file is how it was when the snapshot was taken, for others too.
std::vector<Disk> disks_of(const Description& saved, const GuestOptions& given) {
  if (!given.disks.empty() && given.disks.size() != saved.disks.size()) {
    throw SetupError(fmt::format("the machine in {} has {} disks, and --disk is given for {}", given.restore,
                                 saved.disks.size(), given.disks.size()));
  }
  std::vector<Disk> disks = saved.disks;
  for (std::size_t i = 0; i < disks.size(); ++i) {
    if (!given.disks.empty()) disks[i].path = given.disks[i].path;
    if (disks[i].mode == DiskMode::ReadWrite) disks[i].mode = DiskMode::Snapshot;
  }
  return disks;
}

}  // namespace

Description describe_guest(const GuestOptions& options, const boot::BootPlan& plan,
                           std::vector<x86::CpuidEntry> cpuid) {
  Description description;
  description.cpus = options.cpus;
  description.cpuid = std::move(cpuid);
  description.backend = kvm_backend();
  for (const Disk& disk : options.disks) description.disks.push_back({absolute(disk.path), disk.mode, disk.bus});
  description.image = absolute(options.image);
  description.format = plan.format;
  description.architecture = plan.architecture;
  description.sliding_kernel = plan.sliding_kernel;
  description.entry = {plan.general.rip};
  return description;
}

SavedMachine open_snapshot(const std::string& path) {
  auto saved = SavedMachine::open(path);
  if (!saved) throw SetupError(saved.error());
  return std::move(*saved);
}

GuestOptions options_of(const SavedMachine& saved, const GuestOptions& given) {
  const Description& description = saved.description();
  if (given.memory_given && given.memory != saved.memory_size()) {
    throw SetupError(fmt::format("--memory says {} MiB, but the machine in {} has {} MiB", given.memory >> 20,
                                 given.restore, saved.memory_size() >> 20));
  }
  if (given.cpus_given && given.cpus != description.cpus) {
    throw SetupError(
        fmt::format("--cpus says {}, but the machine in {} has {}", given.cpus, given.restore, description.cpus));
  }
  GuestOptions options = given;
  options.memory = saved.memory_size();
  options.cpus = description.cpus;
  options.disks = disks_of(description, given);
  if (options.image.empty()) options.image = description.image;
  options.load.protocol = saved.roms().empty() ? boot::Protocol::Auto : boot::Protocol::Firmware;
  return options;
}

boot::BootPlan plan_of(const SavedMachine& saved) {
  const Description& description = saved.description();
  boot::BootPlan plan;
  if (saved.roms().size() > 1) throw SetupError("the snapshot is of a machine with more ROMs than gdbvm's have");
  if (!saved.roms().empty()) plan.rom = saved.roms()[0];
  plan.system = x86::power_on::system(true);
  plan.general = x86::power_on::general();
  plan.general.rip = description.entry.value;
  plan.architecture = description.architecture;
  plan.sliding_kernel = description.sliding_kernel;
  plan.format = description.format;
  return plan;
}

std::string origin_of(const SavedMachine& saved) {
  const Description& description = saved.description();
  return fmt::format("a {} of {}, a {}, from {:%F %T} UTC", saved.kind().name, description.image, description.format,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(description.time)));
}

std::string remark_of(const SavedMachine& saved, const std::string& image) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(image, error);
  if (error || std::chrono::file_clock::to_sys(written) <= saved.description().time) return {};
  return fmt::format("{} is newer than the {}: its symbols may be those of another build", image, saved.kind().name);
}

std::vector<x86::CpuidEntry> cpuid_of(const SavedMachine& saved, kvm::System& system) {
  const Description& description = saved.description();
  const auto offered = x86::cpuid_for_cpu(system.supported_cpuid(), 0, description.cpus);
  if (const auto missing = x86::missing_for(description.cpuid, offered)) {
    throw SetupError(
        fmt::format("the {}, which was made on a host with {}, {}", saved.kind().name, description.backend, *missing));
  }
  return description.cpuid;
}

void start_from(const SavedMachine& saved, Machine& machine) {
  Chipset& chipset = machine.chipset();
  const auto restore = [&saved, &chipset, disks = snapshot::disk_states(chipset.disks)]() mutable {
    StateReader states(saved.states()), contents(saved.disks());
    chipset.states.restore(states);
    disks.restore(contents);
  };
  if (saved.display_size() != machine.memory().display()->size) {
    throw SetupError("the snapshot is of a machine whose display has another memory than this gdbvm's");
  }
  saved.map_ram(machine.memory());
  try {
    machine.start_from(restore);
  } catch (const StateError& error) {
    throw SetupError(fmt::format("the {} cannot be restored: {}", saved.kind().name, error.what()));
  }
}

}  // namespace gdbvm

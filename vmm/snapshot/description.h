// What has to be known of a saved machine besides its state: what it is made of, and what a debugger is told of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/devices/state.h"
#include "vmm/machine/disk.h"
#include "vmm/x86/cpuid.h"

namespace gdbvm::snapshot {

struct Description {
  std::string name;               // the user's, for the snapshot; may be empty
  std::chrono::sys_seconds time;  // when it was taken

  std::uint32_t cpus = 1;
  std::vector<x86::CpuidEntry> cpuid;  // CPU 0's, as the guest has seen it
  std::string backend;                 // "kvm_intel": the host's KVM, for messages
  std::vector<Disk> disks;             // in the guest's order, with absolute paths

  std::string image;   // the absolute path of what was booted, for its symbols
  std::string format;  // as in the boot plan, like the rest
  boot::GuestArchitecture architecture{};
  std::optional<Gva> sliding_kernel;
  Gva entry;  // where the image was entered

  bool operator==(const Description&) const = default;
};

void put(StateWriter& to, const Description& description);
// Throws StateError unless it is what put() wrote.
Description get_description(StateReader& from);

}  // namespace gdbvm::snapshot

// A guest between two runs of gdbvm: what a snapshot has to tell of it, and how it comes up again.
#pragma once

#include <string>
#include <vector>

#include "vmm/app/options/guest.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/machine/machine.h"
#include "vmm/snapshot/saved_machine.h"

namespace gdbvm {

namespace kvm {
class System;
}

// All but the snapshot's name and time. `cpuid`: CPU 0's.
snapshot::Description describe_guest(const GuestOptions& options, const boot::BootPlan& plan,
                                     std::vector<x86::CpuidEntry> cpuid);

// Throws SetupError, as the others do.
snapshot::SavedMachine open_snapshot(const std::string& path);

// What the saved guest was started with, as far as it still matters: `given` may name other places of the image and of
// the disks, and must not contradict the rest. The disks' files are not written.
GuestOptions options_of(const snapshot::SavedMachine& saved, const GuestOptions& given);

// A plan that places nothing: for what the debugger asks of it, and the ROM.
boot::BootPlan plan_of(const snapshot::SavedMachine& saved);

// "a snapshot of kernel.elf, a 64-bit ELF, from 2026-11-30 12:00:00 UTC".
std::string origin_of(const snapshot::SavedMachine& saved);

// A remark for the user if that file is newer than the snapshot; empty: it is not, or is not there.
std::string remark_of(const snapshot::SavedMachine& saved, const std::string& image);

// What the CPUs have to answer, which this host can do.
std::vector<x86::CpuidEntry> cpuid_of(const snapshot::SavedMachine& saved, kvm::System& system);

// The machine goes on where the saved one was, and comes back there with each reset. All devices are attached. `saved`
// outlives the machine.
void start_from(const snapshot::SavedMachine& saved, Machine& machine);

}  // namespace gdbvm

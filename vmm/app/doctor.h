// `gdbvm doctor`: what this host's KVM is, and which stop mechanisms it delivers.
#pragma once

#include <string>

#include "vmm/debug/stops/host_stops.h"

namespace gdbvm {

namespace kvm {
class System;
}

// The probe of vmm/debug/stops/host_probe.h in its own VM, plus what KVM says about itself.
HostStops probe_host(kvm::System& system);

// Which KVM this host has: "kvm_intel", "kvm_amd", "kvm_pvm" or "unknown".
std::string kvm_backend();

// Prints a table, or JSON, on standard output. Returns the exit status: 0 when guests can run here, else bad_input,
// with a sentence that names the remedy.
int run_doctor(bool json);

// The report's text, separate so that it can be tested.
struct DoctorReport {
  std::string backend;  // kvm_backend()'s
  HostStops stops;
  double probe_milliseconds;
};
std::string to_table(const DoctorReport& report);
std::string to_json(const DoctorReport& report);

}  // namespace gdbvm

// The guest's past, and --record and --replay: in a file.
#pragma once

#include <string>

#include "vmm/app/options/options.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/snapshot/saved_machine.h"

namespace gdbvm {

// Of a host with the same KVM back-end. Throws SetupError.
snapshot::SavedMachine open_recording(const std::string& path);

// What the options say of the guest's past: it is kept from here on, in a file too; it is the recording's that the
// machine was started from, and the guest stands at its end; or it is not kept. Throws SetupError, and leaves no file.
void begin_past(const Options& options, const snapshot::SavedMachine* saved, Debuggee& debuggee);

}  // namespace gdbvm

// The process's exit statuses. A guest's own (debug-exit port) are odd, these are even.
#pragma once

namespace gdbvm::exit_status {

inline constexpr int success = 0;         // the guest powered off, or the debugger ended it
inline constexpr int bad_input = 2;       // options, image or host: nothing was run
inline constexpr int triple_fault = 4;    // the guest's CPU shut down
inline constexpr int internal_error = 6;  // KVM could not continue, mostly because it cannot emulate an instruction
inline constexpr int failed_entry = 8;    // the CPU refused the guest's state, or an unknown exit
inline constexpr int host_error = 10;     // the host failed while the guest ran

}  // namespace gdbvm::exit_status

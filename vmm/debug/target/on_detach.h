// What happens to the guest when its debugger leaves.
#pragma once

namespace gdbvm {

enum class OnDetach { Run, Stop, Quit };

}  // namespace gdbvm

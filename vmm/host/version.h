// What gdbvm calls itself. Who includes this has GDBVM_VERSION defined by the build.
#pragma once

namespace gdbvm {

inline constexpr const char* version_text = "gdbvm " GDBVM_VERSION;

}  // namespace gdbvm

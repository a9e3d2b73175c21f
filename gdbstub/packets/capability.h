// Which optional part of a target a packet needs: asked once, before its handler runs, and again for qSupported.
#pragma once

#include "gdbstub/target.h"

namespace gdbstub {

// Whether this target has what is needed.
using Capability = bool (*)(Target&);

inline bool always(Target&) { return true; }

// offers<&Target::breakpoints>: the target returns such a capability.
template <auto Part>
bool offers(Target& target) {
  return (target.*Part)() != nullptr;
}

// vFile reads the program and its libraries.
inline bool offers_files(Target& target) {
  return offers<&Target::exec_file>(target) || offers<&Target::libraries>(target);
}

}  // namespace gdbstub

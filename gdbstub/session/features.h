// What is offered to a client: every word of it follows from the target's capability pointers.
#pragma once

#include <string>

#include "gdbstub/session/dialect.h"
#include "gdbstub/target.h"

namespace gdbstub {

// The reply to qSupported.
std::string supported_features(Target& target, const Dialect& dialect);
// The reply to vCont?.
std::string resume_actions(Target& target);

}  // namespace gdbstub

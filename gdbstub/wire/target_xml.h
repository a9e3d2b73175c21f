// target.xml, out of a target's description.
#pragma once

#include <string>

#include "gdbstub/target_description.h"

namespace gdbstub {

// The <target> document of the GDB manual, appendix "Target Descriptions". LLDB wants all features literal in one
// document, and GDB takes that as well.
std::string to_xml(const TargetDescription& description);

}  // namespace gdbstub

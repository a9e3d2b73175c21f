// The one thing all XML documents of the protocol need.
#pragma once

#include <string>
#include <string_view>

namespace gdbstub {

// Text for use in XML content and in attribute values.
std::string xml_escape(std::string_view text);

}  // namespace gdbstub

// The symbols of an image that were put into a file beside it.
#pragma once

#include <optional>
#include <string>

namespace gdbvm {

// For an ELF image without debugging information: the file named by its build id (.build-id/ab/cdef.debug) or by its
// .gnu_debuglink (beside the image or in .debug/), if it is there and belongs to the image.
std::optional<std::string> find_separate_symbols(const std::string& image);

}  // namespace gdbvm

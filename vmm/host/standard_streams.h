// Standard input, output and error: that there are three, and what gdbvm itself writes to them.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace gdbvm {

// Opens /dev/null in place of those that are closed, so that no file opened later gets one of their numbers and with it
// what is meant for them. A reader that leaves and a limit on the size of files (ulimit -f) are errors of write() from
// now on, not signals. To be called before anything else is opened.
void secure_standard_streams();

// Both write what can be written and forget the rest: a stream that is full or has no reader is no reason to end, nor
// to end otherwise.
void print(std::string_view text) noexcept;      // on standard output
void tell_user(std::string_view text) noexcept;  // "gdbvm: TEXT" and a newline on standard error, in one piece

template <class First, class... Rest>
void tell_user(fmt::format_string<First, Rest...> format, First&& first, Rest&&... rest) noexcept try {
  tell_user(std::string_view(fmt::format(format, std::forward<First>(first), std::forward<Rest>(rest)...)));
} catch (...) {
  return;  // no memory for the text
}

}  // namespace gdbvm

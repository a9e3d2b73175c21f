// Names to vectors and back.
#include "vmm/x86/exceptions.h"

#include <algorithm>
#include <array>

namespace gdbvm::x86 {

namespace {

constexpr std::array<std::string_view, exception_count> names{
    "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "", "#TS", "#NP", "#SS", "#GP", "#PF", "",
    "#MF", "#AC", "#MC", "#XM", "#VE", "#CP", "",    "",    "",    "", "",    "",    "#HV", "#VC", "#SX", ""};

bool same_name(std::string_view name, std::string_view text) {
  if (!name.empty() && name.front() == '#' && !text.starts_with('#')) name.remove_prefix(1);
  return std::ranges::equal(name, text, {}, {}, [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
}

}  // namespace

std::string_view name_of_exception(std::uint8_t vector) { return vector < names.size() ? names[vector] : ""; }

std::optional<std::uint8_t> exception_named(std::string_view text) {
  for (std::uint8_t i = 0; i < exception_count; ++i) {
    if (!names[i].empty() && same_name(names[i], text)) return i;
  }
  return std::nullopt;
}

}  // namespace gdbvm::x86

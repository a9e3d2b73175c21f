// A search of all of RAM, page by page.
#include "vmm/dump/vmcoreinfo.h"

#include <algorithm>

namespace gdbvm::dump {

namespace {

constexpr std::string_view first_key = "OSRELEASE=";

bool is_line_text(std::string_view text) {
  const bool printable = std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
  return printable && text.ends_with('\n') && text.find("\nPAGESIZE=") != text.npos;
}

}  // namespace

std::string find_vmcoreinfo(const GuestMemory& memory) {
  for (const auto& region : memory.regions()) {
    for (std::uint64_t at = 0; at < region.size; at += page_size) {
      const std::string_view page(reinterpret_cast<const char*>(region.host + at), page_size);
      if (!page.starts_with(first_key)) continue;
      const std::string_view text = page.substr(0, page.find('\0'));
      if (is_line_text(text)) return std::string(text);
    }
  }
  return {};
}

}  // namespace gdbvm::dump

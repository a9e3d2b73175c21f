// Page by page.
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

bool VmcoreinfoSearch::is_found(const std::byte* at) {
  const std::string_view page(reinterpret_cast<const char*>(at), page_size);
  if (!page.starts_with(first_key)) return false;
  const std::string_view text = page.substr(0, page.find('\0'));
  if (is_line_text(text)) text_ = text;
  return !text_.empty();
}

bool VmcoreinfoSearch::more(const std::function<bool()>& pause) {
  for (; text_.empty() && region_ < memory_.regions().size(); ++region_, at_ = 0) {
    const auto& region = memory_.regions()[region_];
    while (at_ < region.size) {
      if (is_found(region.host + at_)) return true;
      at_ += page_size;
      if (at_ / page_size % pages_at_once == 0 && pause()) return false;
    }
  }
  return true;
}

}  // namespace gdbvm::dump

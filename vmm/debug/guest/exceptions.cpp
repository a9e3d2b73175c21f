// The guest's exceptions in words and as GDB's signals.
#include "vmm/debug/guest/exceptions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "vmm/debug/guest/idt.h"

namespace gdbvm {

namespace {

using gdbstub::Signal;

constexpr std::array<std::string_view, exception_count> names{
    "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "", "#TS", "#NP", "#SS", "#GP", "#PF", "",
    "#MF", "#AC", "#MC", "#XM", "#VE", "#CP", "",    "",    "",    "", "",    "",    "#HV", "#VC", "#SX", ""};
constexpr std::uint8_t page_fault = 14;

bool same_name(std::string_view name, std::string_view text) {
  if (!name.empty() && name.front() == '#' && !text.starts_with('#')) name.remove_prefix(1);
  return std::ranges::equal(name, text, {}, {}, [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
}

}  // namespace

std::string_view name_of_exception(std::uint8_t vector) {
  return vector < names.size() && !names[vector].empty() ? names[vector] : "exception";
}

std::optional<std::uint8_t> parse_exception(std::string_view text) {
  std::uint8_t vector = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), vector);
  if (error == std::errc{} && end == text.data() + text.size()) {
    return vector < exception_count ? std::optional(vector) : std::nullopt;
  }
  for (std::uint8_t i = 0; i < exception_count; ++i) {
    if (!names[i].empty() && same_name(names[i], text)) return i;
  }
  return std::nullopt;
}

Signal signal_of_exception(std::uint8_t vector) {
  switch (vector) {
    case 0:
    case 16:
    case 19:
      return Signal::Fpe;
    case 1:
    case 3:
      return Signal::Trap;
    case 6:
      return Signal::Ill;
    case 17:
      return Signal::Bus;
    default:
      return Signal::Segv;
  }
}

std::string describe_exception(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  std::string text = fmt::format("CPU {}: exception {} ({})", vcpu.index(), vector, name_of_exception(vector));
  const auto frame = frame_of(view, vcpu, vector);
  if (!frame) return text;
  if (frame->error_code) text += fmt::format(", error code {:#x}", *frame->error_code);
  if (vector == page_fault) text += fmt::format(", cr2 {:#x}", vcpu.system().cr2);
  return text + fmt::format(", from {:#x}:{:#x}", frame->cs, frame->rip);
}

}  // namespace gdbvm

#include "vmm/debug/linux/slide_watch.h"

#include <fmt/format.h>

namespace gdbvm {

SlideWatch::SlideWatch(Vm& vm, const GuestMemory& memory, std::optional<Gva> linked)
    : vm_(vm), memory_(memory), slide_(linked) {
  if (wanted()) vm_.report_efer_writes(true);
}

bool SlideWatch::look(Vcpu& vcpu) {
  const bool found = slide_.look(memory_, vcpu.system());
  if (found) vm_.report_efer_writes(false);
  return found;
}

void SlideWatch::restore(std::optional<std::uint64_t> known) {
  if (!slide_.linked()) return;
  slide_.set(known);
  vm_.report_efer_writes(wanted());
}

std::optional<Gva> SlideWatch::library_point() const {
  return library_point_ ? std::optional(*library_point_ + slide_.bytes().value_or(0)) : std::nullopt;
}

bool SlideWatch::is_link_address(Gva address) const {
  return address >= *slide_.linked() && address < KernelSlide::space_end;
}

std::string SlideWatch::describe_missed(Gva breakpoint) const {
  return fmt::format(
      "the kernel has moved by {0:#x} (KASLR), and the breakpoint at {1} has not; "
      "`symbol-file -o {0:#x} FILE` moves gdb's symbols and breakpoints",
      *slide_.bytes(), breakpoint);
}

}  // namespace gdbvm

// RunControl and a kernel that chooses its address at boot: it is waited for, told, and the library point goes with it.
#include "vmm/debug/control/run_control.h"

namespace gdbvm {

using namespace gdbstub;

// Before a kernel runs at its own addresses, it writes to EFER (Vm::report_efer_writes).
void RunControl::expect_kernel() {
  if (kernel_.wanted()) machine_.vm().report_efer_writes(true);
}

bool RunControl::finds_kernel(Vcpu& vcpu) {
  const bool found = kernel_.look(machine_.memory(), vcpu.system());
  if (found) machine_.vm().report_efer_writes(false);
  return found;
}

RunControl::Next RunControl::look_for_kernel(Cpu& cpu, Next next) {
  if (next != Next::Again || !kernel_.wanted() || !finds_kernel(cpu.vcpu)) return next;
  const std::uint64_t offset = *kernel_.offset();
  if (offset == 0) return next;
  if (library_events_) return stop_with(cpu, stop::LibrariesChanged{});
  const auto first = points_.breakpoints().lower_bound(*kernel_.linked());
  if (first == points_.breakpoints().end() || first->first >= KernelSlide::space_end) return next;
  return stop_with(cpu, stop::Signalled{Signal::Trap},
                   fmt::format("the kernel has moved by {0:#x} (KASLR), and the breakpoint at {1} has not; "
                               "`symbol-file -o {0:#x} FILE` moves gdb's symbols and breakpoints",
                               offset, first->first));
}

void RunControl::set_library_point(std::optional<Gva> linked) {
  library_point_ = linked;
  place_library_point();
}

// Until it is known where the kernel runs, it may also be where it was linked for.
void RunControl::place_library_point() {
  const auto place = library_point_ ? std::optional(*library_point_ + kernel_.offset().value_or(0)) : std::nullopt;
  if (place == points_.library_point()) return;
  points_.set_library_point(place);
  for (const auto& cpu : cpus_) cpu->libraries_told = false;
}

}  // namespace gdbvm

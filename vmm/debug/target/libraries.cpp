// A library that has moved needs a new name, as gdb tells libraries apart by theirs.
#include "vmm/debug/target/libraries.h"

namespace gdbvm {

using namespace gdbstub;

std::vector<Libraries::Library> MachineLibraries::list() {
  debuggee_.run_control().slide().set_library_events(true);
  std::vector<Library> libraries = debuggee_.linux_guest().list_modules();
  if (!kernel_) return libraries;
  Library kernel = *kernel_;
  if (const std::uint64_t slide = debuggee_.linux_guest().slide().value_or(0); slide != 0) {
    kernel.file.name += fmt::format("+{:#x}", slide);
    kernel.first_segment = kernel.first_segment + slide;
  }
  libraries.insert(libraries.begin(), std::move(kernel));
  return libraries;
}

std::optional<Address> MachineLibraries::text_segment() {
  LinuxGuest& kernel = debuggee_.linux_guest();
  const auto slide = kernel.slide();
  if (slide.value_or(0) == 0) return std::nullopt;
  return Address{kernel.linked()->value + *slide};
}

}  // namespace gdbvm

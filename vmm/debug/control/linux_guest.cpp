// Looks at the guest's kernel through whichever CPU has it mapped.
#include "vmm/debug/control/linux_guest.h"

#include <utility>

namespace gdbvm {

using Library = gdbstub::Libraries::Library;

LinuxGuest::LinuxGuest(RunControl& run_control, Machine& machine, std::optional<KernelModules::Source> source)
    : run_control_(run_control), machine_(machine) {
  if (source) modules_.emplace(std::move(*source));
}

// Where the slide could not be found as the kernel started, it is found now.
std::optional<std::uint64_t> LinuxGuest::slide() {
  return run_control_.held([&] {
    const KernelSlide& kernel = run_control_.slide().slide();
    for (std::uint32_t i = 0; i < machine_.cpus() && kernel.wanted(); ++i)
      run_control_.slide().look(machine_.vcpu({i}));
    return kernel.bytes();
  });
}

// A CPU in user code may have page tables without the kernel: any that has it will do. Files are read once the CPUs run
// again.
std::vector<Library> LinuxGuest::list_modules() {
  if (!modules_) return {};
  const auto slide = linked() ? this->slide() : std::optional<std::uint64_t>(0);
  run_control_.held([&] {
    if (run_control_.slide().library_events()) run_control_.set_library_point(modules_->library_point());
    if (std::exchange(resets_seen_, run_control_.resets()) != run_control_.resets()) modules_->forget();
    if (!slide) return;
    x86::SystemRegisters space;
    for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
      space = machine_.vcpu({i}).system();
      if (run_control_.view().translate(machine_.vcpu({i}), modules_->list_head(*slide))) break;
    }
    modules_->look(*slide, [&](Gva address, std::span<std::uint8_t> out) {
      const auto count = run_control_.view().read(space, address, out);
      return count && *count == out.size();
    });
  });
  return slide ? modules_->list() : std::vector<Library>{};
}

}  // namespace gdbvm

// KvmTarget and what its guest has loaded: the kernel where it runs, and its modules.
#include "vmm/debug/target/machine_target.h"

#include <utility>

namespace gdbvm {

using namespace gdbstub;

// Where it could not be found as the kernel started, it is found now.
std::optional<std::uint64_t> KvmTarget::kernel_offset() {
  return run_control_.held([&] {
    const KernelSlide& kernel = run_control_.slide().slide();
    for (std::uint32_t i = 0; i < machine_.cpus() && kernel.wanted(); ++i)
      run_control_.slide().look(machine_.vcpu({i}));
    return kernel.offset();
  });
}

std::optional<Address> KvmTarget::text_segment() {
  const auto offset = kernel_offset();
  if (offset.value_or(0) == 0) return std::nullopt;
  return Address{run_control_.slide().slide().linked()->value + *offset};
}

// Who asks wants to hear of changes.
std::vector<Libraries::Library> KvmTarget::list() {
  run_control_.slide().set_library_events(true);
  std::vector<Library> libraries = list_modules();
  if (!config_.movable_kernel) return libraries;
  Library kernel = *config_.movable_kernel;
  if (const std::uint64_t offset = kernel_offset().value_or(0); offset != 0) {
    kernel.file.name += fmt::format("+{:#x}", offset);
    kernel.first_segment = kernel.first_segment + offset;
  }
  libraries.insert(libraries.begin(), std::move(kernel));
  return libraries;
}

// A CPU in user code may have page tables without the kernel: any that has it will do. Files are read when the CPUs run
// again.
std::vector<Libraries::Library> KvmTarget::list_modules() {
  if (!modules_) return {};
  const auto offset = config_.movable_kernel ? kernel_offset() : std::optional<std::uint64_t>(0);
  run_control_.held([&] {
    if (run_control_.slide().library_events()) run_control_.set_library_point(modules_->loading_point());
    if (std::exchange(resets_seen_, run_control_.resets()) != run_control_.resets()) modules_->forget();
    if (!offset) return;
    x86::SystemRegisters space;
    for (const ThreadId thread : threads()) {
      space = vcpu(thread).system();
      if (run_control_.view().translate(vcpu(thread), modules_->list_head(*offset))) break;
    }
    modules_->look(*offset, [&](Gva address, std::span<std::uint8_t> out) {
      const auto count = run_control_.view().read(space, address, out);
      return count && *count == out.size();
    });
  });
  return offset ? modules_->list() : std::vector<Library>{};
}

}  // namespace gdbvm

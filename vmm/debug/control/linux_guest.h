// The Linux kernel in the guest, as far as gdbvm knows one: where it runs, and its modules.
#pragma once

#include <optional>
#include <vector>

#include "vmm/debug/control/run_control.h"
#include "vmm/debug/linux/kernel_modules.h"

namespace gdbvm {

// Of the debugger's thread, whether the CPUs run or not.
class LinuxGuest final {
 public:
  // `source`: of --modules; nullopt: none.
  LinuxGuest(RunControl& run_control, Machine& machine, std::optional<KernelModules::Source> source);

  // Where the kernel's image begins if it does not slide; nullopt: the guest is no kernel that could.
  std::optional<Gva> linked() const { return run_control_.slide().slide().linked(); }
  // How far above that it runs; nullopt: not known (yet).
  std::optional<std::uint64_t> slide();
  // Of --modules, and how the last look at them went.
  const std::optional<KernelModules>& modules() const { return modules_; }
  // The modules that are loaded now and have a file.
  std::vector<gdbstub::Libraries::Library> list_modules();

 private:
  RunControl& run_control_;
  Machine& machine_;
  std::optional<KernelModules> modules_;
  std::uint64_t resets_seen_ = 0;  // by modules_
};

}  // namespace gdbvm

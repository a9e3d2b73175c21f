#include "vmm/app/traces.h"

namespace gdbvm {

Traces::Traces(const IoOptions& options) {
  if (options.trace_kvm) {
    kvm_file_.emplace(options.trace_kvm->path);
    kvm_.emplace([this](std::string_view line) { kvm_file_->write(line); });
  }
  if (options.trace_io) io_file_.emplace(options.trace_io->path);
  if (options.trace_irq) irq_file_.emplace(options.trace_irq->path);
  if (options.trace_rsp) rsp_file_.emplace(options.trace_rsp->path);
}

}  // namespace gdbvm

// The traces that --trace asks for, and who writes to them.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "vmm/app/options/io.h"
#include "vmm/app/trace_file.h"
#include "vmm/kvm/trace.h"

namespace gdbvm {

class Traces final {
 public:
  // Throws std::system_error when a file cannot be made.
  explicit Traces(const IoOptions& options);
  Traces(const Traces&) = delete;
  Traces& operator=(const Traces&) = delete;

  // Each is empty or null where its trace is not asked for. They live as long as this.
  kvm::KvmTrace* kvm() { return kvm_ ? &*kvm_ : nullptr; }
  std::function<void(std::string_view call)> host_calls() { return kvm_ ? kvm_->host_calls() : nullptr; }
  Bus::Trace io() { return io_file_ ? io_file_->io_trace() : nullptr; }
  InterruptTrace irq() { return irq_file_ ? irq_file_->irq_trace() : nullptr; }
  gdbstub::PacketTrace rsp() { return rsp_file_ ? rsp_file_->rsp_trace() : nullptr; }

 private:
  std::optional<TraceFile> kvm_file_, io_file_, irq_file_, rsp_file_;
  std::optional<kvm::KvmTrace> kvm_;
};

}  // namespace gdbvm

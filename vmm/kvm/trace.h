// --trace kvm: every call into KVM as one readable line: fd level, name, arguments, result.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vmm/hypervisor/exit.h"

namespace gdbvm::kvm {

// Which file descriptor of the KVM API a call went to; Host for calls that prepare memory for it.
struct TraceLevel {
  enum class Kind { Host, System, Vm, Vcpu } kind;
  unsigned vcpu = 0;
};

// Lines look like "kvm vm      KVM_SET_TSS_ADDR(0xfeffd000) = 0". Callable from any thread; the sink is called by one
// at a time. Whoever traces nothing holds no KvmTrace: a null pointer is the branch.
class KvmTrace final {
 public:
  using Sink = std::function<void(std::string_view line)>;  // the line has no newline

  explicit KvmTrace(Sink sink) : sink_(std::move(sink)) {}

  // `call` is "name(arguments) = result".
  void line(TraceLevel level, std::string_view call);
  // `argument` is the ioctl's integer, or the address of what it read or filled; `error` is errno where result < 0.
  void ioctl(TraceLevel level, unsigned long request, unsigned long argument, int result, int error);
  // A KVM_RUN and, where it is known for free, where the guest stands after it.
  void run(TraceLevel level, const Exit& exit, std::optional<std::uint64_t> rip);

  // For GuestMemory and others that know no KVM: takes whole calls, shown at the Host level.
  std::function<void(std::string_view)> host_calls();

 private:
  std::mutex mutex_;
  Sink sink_;
};

}  // namespace gdbvm::kvm

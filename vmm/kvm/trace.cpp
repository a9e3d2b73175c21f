// One line a call; what an argument means is said by trace_arguments.cpp.
#include "vmm/kvm/trace.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "vmm/kvm/trace_arguments.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {
std::string label(TraceLevel level) {
  switch (level.kind) {
    case TraceLevel::Kind::Host:
      return "host";
    case TraceLevel::Kind::System:
      return "system";
    case TraceLevel::Kind::Vm:
      return "vm";
    case TraceLevel::Kind::Vcpu:
      return fmt::format("vcpu {}", level.vcpu);
  }
  std::unreachable();
}

std::string outcome(unsigned long request, int result, int error) {
  if (result < 0) return fmt::format("-1 {}", strerrorname_np(error) ? strerrorname_np(error) : "?");
  if (request == KVM_CREATE_VM || request == KVM_CREATE_VCPU) return fmt::format("fd {}", result);
  return fmt::format("{}", result);
}
}  // namespace

void KvmTrace::line(TraceLevel level, std::string_view call) {
  const std::string text = fmt::format("kvm {:<7} {}", label(level), call);
  const std::lock_guard lock(mutex_);
  sink_(text);
}

void KvmTrace::ioctl(TraceLevel level, unsigned long request, unsigned long argument, int result, int error) {
  if (request == KVM_RUN) return;  // run() says more
  const TracedCall call = describe_call(request, argument);
  line(level, fmt::format("{}({}) = {}", call.name, call.arguments, outcome(request, result, error)));
}

void KvmTrace::run(TraceLevel level, const Exit& exit, std::optional<std::uint64_t> rip) {
  line(level, rip ? fmt::format("KVM_RUN() = {} rip={:#x}", describe(exit), *rip)
                  : fmt::format("KVM_RUN() = {}", describe(exit)));
}

std::function<void(std::string_view)> KvmTrace::host_calls() {
  return [this](std::string_view call) { line({TraceLevel::Kind::Host}, call); };
}

}  // namespace gdbvm::kvm

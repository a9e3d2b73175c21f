// KVM_EXIT_* to the sum type.
#include "vmm/kvm/exit_from_run.h"

#include <algorithm>
#include <cerrno>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {

Exit io_exit(kvm_run& run, std::size_t size) {
  const std::uint64_t length = std::uint64_t{run.io.size} * run.io.count;
  if (run.io.data_offset > size || length > size - run.io.data_offset) return exits::Unknown{run.exit_reason};
  return exits::Io{
      .direction = run.io.direction == KVM_EXIT_IO_IN ? exits::Io::Direction::In : exits::Io::Direction::Out,
      .size = run.io.size,
      .port = run.io.port,
      .count = run.io.count,
      .bytes = {reinterpret_cast<std::uint8_t*>(&run) + run.io.data_offset, length}};
}

Exit mmio_exit(kvm_run& run) {
  const std::size_t length = std::min<std::size_t>(run.mmio.len, sizeof run.mmio.data);
  return exits::Mmio{.address = {run.mmio.phys_addr},
                     .direction = run.mmio.is_write ? exits::Mmio::Direction::Write : exits::Mmio::Direction::Read,
                     .bytes = {run.mmio.data, length}};
}

// A failed emulation has, in newer kernels, flags and the instruction's bytes in the words after the suberror.
Exit internal_error_exit(const kvm_run& run) {
  const bool emulation_failed = run.internal.suberror == KVM_INTERNAL_ERROR_EMULATION;
  using Kind = exits::InternalError::Kind;
  exits::InternalError error{.kind = emulation_failed ? Kind::Emulation : Kind::Other,
                             .suberror = run.internal.suberror};
  const auto& emulation = run.emulation_failure;
  const bool has_bytes = emulation_failed && emulation.ndata >= 3 &&
                         (emulation.flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES);
  if (has_bytes) {
    error.instruction_length = std::min<std::uint8_t>(emulation.insn_size, error.instruction.size());
    std::copy_n(emulation.insn_bytes, error.instruction_length, error.instruction.begin());
  }
  return error;
}

exits::SystemEvent system_event_exit(std::uint32_t type) {
  using Kind = exits::SystemEvent::Kind;
  switch (type) {
    case KVM_SYSTEM_EVENT_SHUTDOWN:
      return {Kind::Shutdown, type};
    case KVM_SYSTEM_EVENT_RESET:
      return {Kind::Reset, type};
    default:
      return {Kind::Other, type};
  }
}

}  // namespace

Exit exit_from(kvm_run& run, std::size_t size) {
  switch (run.exit_reason) {
    case KVM_EXIT_IO:
      return io_exit(run, size);
    case KVM_EXIT_MMIO:
      return mmio_exit(run);
    case KVM_EXIT_DEBUG: {
      const kvm_debug_exit_arch& arch = run.debug.arch;
      return exits::Debug{.exception = arch.exception, .pc = arch.pc, .dr6 = arch.dr6, .dr7 = arch.dr7};
    }
    case KVM_EXIT_X86_WRMSR:
      return exits::MsrWrite{.index = run.msr.index, .value = run.msr.data};
    case KVM_EXIT_HLT:
      return exits::Halt{};
    case KVM_EXIT_IRQ_WINDOW_OPEN:
      return exits::InterruptWindow{};
    case KVM_EXIT_SET_TPR:
      return exits::TaskPriority{};
    case KVM_EXIT_INTR:
      return exits::Interrupted{};
    case KVM_EXIT_SHUTDOWN:
      return exits::Shutdown{};
    case KVM_EXIT_SYSTEM_EVENT:
      return system_event_exit(run.system_event.type);
    case KVM_EXIT_INTERNAL_ERROR:
      return internal_error_exit(run);
    case KVM_EXIT_FAIL_ENTRY:
      return exits::FailEntry{run.fail_entry.hardware_entry_failure_reason};
    default:
      return exits::Unknown{run.exit_reason};
  }
}

Exit exit_from_error(int error) {
  if (error == EINTR) return exits::Interrupted{};
  return exits::RunFailed{error};
}

}  // namespace gdbvm::kvm

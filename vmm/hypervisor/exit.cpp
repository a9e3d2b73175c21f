// KVM_EXIT_* to the sum type, and the sum type to words.
#include "vmm/hypervisor/exit.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vmm/kvm/exit_from_run.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm {

namespace kvm {
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

// Suberror 1 has, in newer kernels, flags and the instruction's bytes in the words after the suberror.
Exit internal_error_exit(const kvm_run& run) {
  exits::InternalError error{.suberror = run.internal.suberror};
  const auto& emulation = run.emulation_failure;
  const bool has_bytes = run.internal.suberror == KVM_INTERNAL_ERROR_EMULATION && emulation.ndata >= 3 &&
                         (emulation.flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES);
  if (has_bytes) {
    error.instruction_length = std::min<std::uint8_t>(emulation.insn_size, error.instruction.size());
    std::copy_n(emulation.insn_bytes, error.instruction_length, error.instruction.begin());
  }
  return error;
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
    case KVM_EXIT_INTR:
    case KVM_EXIT_IRQ_WINDOW_OPEN:
      return exits::Interrupted{};
    case KVM_EXIT_SHUTDOWN:
      return exits::Shutdown{};
    case KVM_EXIT_SYSTEM_EVENT:
      return exits::SystemEvent{run.system_event.type};
    case KVM_EXIT_INTERNAL_ERROR:
      return internal_error_exit(run);
    case KVM_EXIT_FAIL_ENTRY:
      return exits::FailEntry{run.fail_entry.hardware_entry_failure_reason};
    default:
      return exits::Unknown{run.exit_reason};
  }
}

Exit exit_from_error(int error) {
  // EAGAIN: a secondary CPU was woken by INIT or SIPI and now wants to be run.
  if (error == EINTR || error == EAGAIN) return exits::Interrupted{};
  return exits::RunFailed{error};
}
}  // namespace kvm

namespace {

struct Details {
  std::string operator()(const exits::Io& io) const {
    return fmt::format("{} port={:#x} size={} count={} bytes={:02x}",
                       io.direction == exits::Io::Direction::In ? "in" : "out", io.port, io.size, io.count,
                       fmt::join(io.bytes.first(std::min<std::size_t>(io.bytes.size(), 16)), " "));
  }
  std::string operator()(const exits::Mmio& mmio) const {
    return fmt::format("{} address={} bytes={:02x}", mmio.direction == exits::Mmio::Direction::Read ? "read" : "write",
                       mmio.address, fmt::join(mmio.bytes, " "));
  }
  std::string operator()(const exits::MsrWrite& msr) const {
    return fmt::format("msr={:#x} value={:#x}", msr.index, msr.value);
  }
  std::string operator()(const exits::Debug& debug) const {
    return fmt::format("exception={} pc={:#x} dr6={:#x} dr7={:#x}", debug.exception, debug.pc, debug.dr6, debug.dr7);
  }
  std::string operator()(const exits::Halt&) const { return ""; }
  std::string operator()(const exits::Interrupted&) const { return ""; }
  std::string operator()(const exits::Shutdown&) const { return "triple fault"; }
  std::string operator()(const exits::SystemEvent& event) const { return fmt::format("type={}", event.type); }
  std::string operator()(const exits::InternalError& error) const {
    const auto first = error.instruction.begin();
    return fmt::format("suberror={} instruction={:02x}", error.suberror,
                       fmt::join(first, first + error.instruction_length, " "));
  }
  std::string operator()(const exits::FailEntry& fail) const {
    return fmt::format("hardware_reason={:#x}", fail.hardware_reason);
  }
  std::string operator()(const exits::RunFailed& failed) const {
    return fmt::format("{}", std::strerror(failed.error));
  }
  std::string operator()(const exits::Unknown& unknown) const { return fmt::format("reason={}", unknown.reason); }
};

constexpr const char* names[] = {"io",          "mmio",     "msr-write",    "debug",          "hlt",
                                 "interrupted", "shutdown", "system-event", "internal-error", "fail-entry",
                                 "run-failed",  "unknown"};
static_assert(std::size(names) == std::variant_size_v<Exit>);

}  // namespace

const char* name_of(const Exit& exit) { return names[exit.index()]; }
const char* name_of_exit(std::size_t kind) { return names[kind]; }

std::string describe(const Exit& exit) {
  const std::string details = std::visit(Details{}, exit);
  return details.empty() ? name_of(exit) : fmt::format("{} {}", name_of(exit), details);
}

}  // namespace gdbvm

// Why KVM_RUN came back, as a sum type of plain values: the boundary above which nothing reads kvm_run.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "vmm/memory/address.h"

namespace gdbvm::exits {

// KVM_EXIT_IO: `count` accesses of `size` bytes to one port; `bytes` (size * count) are written by an `in`'s handler
// and read by an `out`'s. They stay valid until the next run().
struct Io {
  enum class Direction : std::uint8_t { In, Out } direction;
  std::uint8_t size;
  std::uint16_t port;
  std::uint32_t count;
  std::span<std::uint8_t> bytes;
};
// KVM_EXIT_MMIO: one access of at most 8 bytes outside RAM, or a write to a read-only slot.
struct Mmio {
  Gpa address;
  enum class Direction : std::uint8_t { Read, Write } direction;
  std::span<std::uint8_t> bytes;
};
// KVM_EXIT_DEBUG. `exception` is x86::exception::debug or breakpoint; `pc` is linear.
struct Debug {
  std::uint32_t exception;
  std::uint64_t pc;
  std::uint64_t dr6;
  std::uint64_t dr7;
};
// KVM_EXIT_X86_WRMSR: a write that Vm::report_efer_writes() asked for. It is done; the CPU stands before the
// instruction until the next run() or complete().
struct MsrWrite {
  std::uint32_t index;
  std::uint64_t value;
};
struct Halt {};             // KVM_EXIT_HLT: after the hlt
struct InterruptWindow {};  // KVM_EXIT_IRQ_WINDOW_OPEN: the CPU could take an interrupt now
struct TaskPriority {};     // KVM_EXIT_SET_TPR: the guest has lowered CR8
struct Interrupted {};      // EINTR or immediate_exit: kick() was called, or a signal came
struct Shutdown {};         // KVM_EXIT_SHUTDOWN: triple fault
struct SystemEvent {        // KVM_EXIT_SYSTEM_EVENT
  enum class Kind : std::uint8_t { Shutdown, Reset, Other } kind;
  std::uint32_t type;  // KVM's number, for messages
};
// KVM_EXIT_INTERNAL_ERROR. After a failed emulation `instruction` may hold the bytes KVM fetched.
struct InternalError {
  enum class Kind : std::uint8_t { Emulation, Other } kind;
  std::uint32_t suberror;  // KVM's number, for messages
  std::array<std::uint8_t, 15> instruction{};
  std::uint8_t instruction_length = 0;
};
struct FailEntry {  // KVM_EXIT_FAIL_ENTRY
  std::uint64_t hardware_reason;
};
struct RunFailed {  // KVM_RUN itself failed
  int error;        // errno
};
struct Unknown {  // any other KVM_EXIT_*
  std::uint32_t reason;
};

}  // namespace gdbvm::exits

namespace gdbvm {
using Exit = std::variant<exits::Io, exits::Mmio, exits::MsrWrite, exits::Debug, exits::Halt, exits::InterruptWindow,
                          exits::TaskPriority, exits::Interrupted, exits::Shutdown, exits::SystemEvent,
                          exits::InternalError, exits::FailEntry, exits::RunFailed, exits::Unknown>;
// KVM has an instruction to finish: the next run() or complete() does so.
bool leaves_unfinished(const Exit& exit);
// The name used in counters and messages: "io", "mmio", "debug"...
const char* name_of(const Exit& exit);
const char* name_of_exit(std::size_t kind);  // by Exit::index()
// The name and what is known, on one line: "io out port=0x3f8 size=1 count=1 bytes=48".
std::string describe(const Exit& exit);
}  // namespace gdbvm

// Exits in words.
#include "vmm/hypervisor/exit.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gdbvm {

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
  std::string operator()(const exits::InterruptWindow&) const { return ""; }
  std::string operator()(const exits::TaskPriority&) const { return ""; }
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

constexpr const char* names[] = {
    "io",          "mmio",     "msr-write",    "debug",          "hlt",        "irq-window", "task-priority",
    "interrupted", "shutdown", "system-event", "internal-error", "fail-entry", "run-failed", "unknown"};
static_assert(std::size(names) == std::variant_size_v<Exit>);

}  // namespace

bool leaves_unfinished(const Exit& exit) {
  return std::holds_alternative<exits::Io>(exit) || std::holds_alternative<exits::Mmio>(exit) ||
         std::holds_alternative<exits::MsrWrite>(exit);
}

const char* name_of(const Exit& exit) { return names[exit.index()]; }
const char* name_of_exit(std::size_t kind) { return names[kind]; }

std::string describe(const Exit& exit) {
  const std::string details = std::visit(Details{}, exit);
  return details.empty() ? name_of(exit) : fmt::format("{} {}", name_of(exit), details);
}

}  // namespace gdbvm

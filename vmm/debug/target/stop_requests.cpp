// An address is meant in the address space that the client read last.
#include "vmm/debug/target/stop_requests.h"

#include <utility>

#include "vmm/debug/target/misread_return.h"

namespace gdbvm {

using namespace gdbstub;

Result<std::string> MachineBreakpoints::insert(BreakpointKind kind, Address address,
                                               std::shared_ptr<const HitAction> action) {
  debuggee_.probe_once();
  RunControl& control = debuggee_.run_control();
  return control.held([&] {
    Vcpu& vcpu = debuggee_.vcpu(view_.last_read);
    const bool is_new = control.stops().insert(kind, {address.value}, std::move(action));
    std::string remark = is_new ? control.armed().remark_on_breakpoint({address.value}, vcpu) : "";
    return remark.empty() ? describe_misread_return(control.view(), vcpu, {address.value}) : remark;
  });
}

Result<> MachineBreakpoints::remove(BreakpointKind kind, Address address) {
  RunControl& control = debuggee_.run_control();
  control.held([&] { control.stops().remove(kind, {address.value}); });
  return {};
}

Result<std::string> MachineWatchpoints::insert(WatchKind kind, Address address, std::uint64_t length,
                                               std::shared_ptr<const HitAction> action) {
  debuggee_.probe_once();
  if (length == 0 || length > max_length) return fail(fmt::format("a watchpoint is 1 to {} bytes long", max_length));
  RunControl& control = debuggee_.run_control();
  return control.held([&]() -> std::string {
    if (!control.stops().insert(kind, {address.value}, length, std::move(action))) return {};
    return control.armed().remark_on_watchpoint(kind, {address.value}, length, debuggee_.vcpu(view_.last_read));
  });
}

Result<> MachineWatchpoints::remove(WatchKind kind, Address address, std::uint64_t length) {
  RunControl& control = debuggee_.run_control();
  control.held([&] { control.stops().remove(kind, {address.value}, length); });
  return {};
}

}  // namespace gdbvm

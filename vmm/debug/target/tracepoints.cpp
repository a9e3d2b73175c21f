#include "vmm/debug/target/tracepoints.h"

#include <utility>

#include "vmm/host/own_file.h"

namespace gdbvm {

using namespace gdbstub;

Result<std::string> MachineTracepoints::insert(Address address, std::shared_ptr<const TraceProbe> probe) {
  debuggee_.probe_once();
  RunControl& control = debuggee_.run_control();
  return control.held([&]() -> std::string {
    if (!control.stops().insert({address.value}, std::move(probe))) return {};
    return control.armed().remark_on_breakpoint({address.value}, debuggee_.vcpu(view_.last_read));
  });
}

Result<> MachineTracepoints::remove(Address address) {
  RunControl& control = debuggee_.run_control();
  control.held([&] { control.stops().remove_probe({address.value}); });
  return {};
}

Result<> MachineTracepoints::save(std::string_view path, std::string_view content) {
  const auto written = write_own_file(std::string(path), content, {trace_file_magic});
  return written ? Result<>() : fail(written.error());
}

}  // namespace gdbvm

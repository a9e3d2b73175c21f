#include "vmm/debug/target/tracepoints.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

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
  std::ofstream file{std::string(path), std::ios::binary};
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) return fail(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  return {};
}

}  // namespace gdbvm

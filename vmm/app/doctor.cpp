#include "vmm/app/doctor.h"

#include <chrono>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "vmm/app/exit_status.h"
#include "vmm/debug/stops/host_probe.h"
#include "vmm/host/standard_streams.h"
#include "vmm/kvm/vm.h"

namespace gdbvm {

namespace {

constexpr const char* mode_names[HostStops::mode_count] = {"real mode", "protected mode", "long mode", "user (CPL 3)"};
constexpr const char* mode_keys[HostStops::mode_count] = {"real", "protected", "long", "user"};

struct Feature {
  const char* key;
  const char* name;
  bool HostStops::* found;
  const char* without;  // what gdbvm does where it is missing
};
constexpr Feature features[] = {
    {"step_over_hlt", "step over hlt", &HostStops::step_over_hlt, "hlt is emulated"},
    {"step_enters_handler", "step into a fault's handler", &HostStops::step_enters_handler,
     "the debug registers, where they work, watch the handlers"},
    {"step_traps_once", "a step traps once", &HostStops::step_traps_once,
     "the trap it leaves over is caught and dropped"},
    {"shutdown_keeps_state", "a triple fault leaves the CPU's state", &HostStops::shutdown_keeps_state,
     "a guest that crashes so shows nothing but its memory"},
    {"read_only_slots", "writes to read-only slots reported", &HostStops::read_only_slots,
     "write watchpoints beyond the debug registers are stepped"},
    {"absent_slots", "accesses to absent slots reported", &HostStops::absent_slots, "read watchpoints are stepped"},
    {"legacy_paging", "paging outside long mode", &HostStops::legacy_paging,
     "a kernel of 32 bits ends in a triple fault where it sets CR0.PG"},
    {"sync_registers", "registers synced through kvm_run", &HostStops::sync_registers, "each stop costs ioctls"},
};

const char* yes_no(bool value) { return value ? "yes" : "no"; }

std::string verdict(const HostStops& stops, HostStops::Mode mode) {
  if (stops.int3[mode] != HostStops::Int3::GoesToGuest) return "breakpoints: any number";
  if (stops.execute_register[mode]) return "breakpoints: four, then stepping";
  if (stops.single_step[mode]) return "breakpoints: by stepping";
  return "breakpoints: through the guest's own handlers";
}

}  // namespace

std::string kvm_backend() {
  for (const char* name : {"kvm_intel", "kvm_amd", "kvm_pvm"}) {
    if (std::filesystem::exists(std::string("/sys/module/") + name)) return name;
  }
  return "unknown";
}

HostStops probe_host(kvm::System& system) {
  kvm::Vm scratch(system);
  HostStops stops = probe_host(scratch);
  stops.sync_registers = system.has(kvm::Capability::SyncRegs);
  return stops;
}

std::string to_table(const DoctorReport& report) {
  const HostStops& stops = report.stops;
  std::string text =
      fmt::format("KVM back-end: {}; probed in {:.1f} ms\n\n", report.backend, report.probe_milliseconds);
  text += fmt::format("{:<16} {:<38} {:<12} {:<12} {:<12} {}\n", "", "int3", "exec DR", "data DR", "single step",
                      "verdict");
  for (int mode = 0; mode < HostStops::mode_count; ++mode) {
    text += fmt::format("{:<16} {:<38} {:<12} {:<12} {:<12} {}\n", mode_names[mode], name_of(stops.int3[mode]),
                        yes_no(stops.execute_register[mode]), yes_no(stops.data_register[mode]),
                        yes_no(stops.single_step[mode]), verdict(stops, static_cast<HostStops::Mode>(mode)));
  }
  text += '\n';
  for (const Feature& feature : features) {
    const bool found = stops.*feature.found;
    text += fmt::format("{:<40} {:<4} {}\n", feature.name, yes_no(found), found ? "" : feature.without);
  }
  return text;
}

std::string to_json(const DoctorReport& report) {
  nlohmann::ordered_json json;
  json["backend"] = report.backend;
  json["probe_ms"] = report.probe_milliseconds;
  for (int mode = 0; mode < HostStops::mode_count; ++mode) {
    json["modes"][mode_keys[mode]] = {{"int3", name_of(report.stops.int3[mode])},
                                      {"execute_register", report.stops.execute_register[mode]},
                                      {"data_register", report.stops.data_register[mode]},
                                      {"single_step", report.stops.single_step[mode]}};
  }
  for (const Feature& feature : features) json[feature.key] = report.stops.*feature.found;
  return json.dump(2) + "\n";
}

int run_doctor(bool json) {
  kvm::System system;  // throws the sentence and its remedy where guests cannot run at all
  const auto before = std::chrono::steady_clock::now();
  const HostStops stops = probe_host(system);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
  const DoctorReport report{kvm_backend(), stops, taken.count()};
  print(json ? to_json(report) : to_table(report));
  return exit_status::success;
}

}  // namespace gdbvm

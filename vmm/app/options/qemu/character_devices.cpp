// Character devices with names, and the debug ports: -chardev, what it is given to, -debugcon and isa-debugcon.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/app/options/qemu/options.h"
#include "vmm/devices/debug_console.h"
#include "vmm/host/parse_number.h"

namespace gdbvm::qemu {

namespace {

using options::reject;

// Empty: there is none.
std::string value_of(const std::vector<Setting>& settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? "" : found->value;
}

// "unix:PATH" or "tcp:HOST:PORT" and the settings that say who connects to whom.
std::string socket_of(const std::vector<Setting>& settings) {
  const std::string path = value_of(settings, "path");
  std::string text =
      path.empty() ? fmt::format("tcp:{}:{}", value_of(settings, "host"), value_of(settings, "port")) : "unix:" + path;
  for (const auto& [key, value] : settings) {
    if (key == "server" || key == "wait" || key == "nowait") text += fmt::format(",{}={}", key, value);
  }
  return text;
}

// As -serial takes it.
std::string device_from(const std::string& backend, const std::vector<Setting>& settings, const std::string& typed) {
  if (backend == "stdio" || backend == "null" || backend == "pty") return backend;
  if (backend == "file") return "file:" + value_of(settings, "path");
  if (backend == "socket") return socket_of(settings);
  reject(fmt::format("-chardev {}: gdbvm has stdio, null, pty, file and socket", typed));
}

std::string named(const std::vector<Setting>& settings) { return "chardev:" + value_of(settings, "chardev"); }

std::uint64_t port_of(const std::string& text) {
  const auto port = parse_number(text);
  if (port == DebugConsole::bochs_port || port == DebugConsole::firmware_port) return *port;
  reject(fmt::format("isa-debugcon's iobase={}: gdbvm's debug consoles are at {:#x} and {:#x}", text,
                     DebugConsole::bochs_port, DebugConsole::firmware_port));
}

// As --debug-console takes it.
std::string output_of(const Line& line, const DebugPort& port) {
  std::string device = device_of(line, port.option, port.device);
  if (is_stdio(device)) return "stdio";
  if (device == "null" || device == "none") return "none";
  if (device.starts_with("file:") && device != "file:") return device;
  reject(fmt::format("{} {}: gdbvm has stdio, file:PATH, null and none there", port.option, device));
}

}  // namespace

void apply_character_device(Line& line, const std::string& value) {
  constexpr std::array known{"backend", "id", "mux", "signal", "path", "host", "port", "server", "wait", "nowait"};
  const auto settings = settings_of(value, "backend");
  for (const auto& [key, setting] : settings) {
    if (std::ranges::find(known, key) == known.end()) {
      reject(fmt::format("-chardev {}={}: gdbvm does not have this setting", key, setting));
    }
  }
  const std::string id = value_of(settings, "id");
  if (id.empty()) reject(fmt::format("-chardev {}: id=ID is missing", value));
  line.character_devices[id] = device_from(value_of(settings, "backend"), settings, value);
}

void apply_monitor_device(Line& line, const std::string& value) {
  const auto settings = settings_of(value, "chardev");
  const std::string mode = value_of(settings, "mode");
  if (!mode.empty() && mode != "readline") {
    reject(fmt::format("-mon mode={}: gdbvm has no QMP; its monitor is at Ctrl-A c on the terminal, and in gdb", mode));
  }
  line.monitor = named(settings);
}

bool apply_character_port(Line& line, const std::string& name, const std::vector<Setting>& settings) {
  if (name == "isa-serial") {
    line.serial_ports.push_back(named(settings));
    return true;
  }
  if (name != "isa-debugcon") return false;
  const std::string port = value_of(settings, "iobase");
  line.debug_ports.push_back({"-device isa-debugcon", named(settings), {}});
  if (!port.empty()) line.debug_ports.back().port = port_of(port);
  return true;
}

void apply_debug_console(Line& line, const std::string& value) { line.debug_ports.push_back({"-debugcon", value, {}}); }

void apply_global(Line& line, const std::string& value) {
  constexpr std::string_view place = "isa-debugcon.iobase=", of_kvms_timer = "kvm-pit.";
  if (value.starts_with(of_kvms_timer)) return;  // which gdbvm does not use
  if (!value.starts_with(place)) reject(fmt::format("-global {}: gdbvm's devices have no such settings", value));
  line.usual_debug_port = port_of(value.substr(place.size()));
}

bool is_stdio(std::string_view device) { return device == "stdio" || device == "mon:stdio"; }

std::string device_of(const Line& line, std::string_view option, const std::string& typed) {
  constexpr std::string_view name = "chardev:";
  if (!typed.starts_with(name)) return typed;
  const auto device = line.character_devices.find(typed.substr(name.size()));
  if (device != line.character_devices.end()) return device->second;
  reject(fmt::format("{} {}: there is no -chardev with id={}", option, typed, typed.substr(name.size())));
}

std::vector<std::string> debug_port_words(const Line& line, const std::string& serial) {
  std::vector<std::string> words;
  for (const DebugPort& port : line.debug_ports) {
    const std::string output = output_of(line, port);
    if (port.port.value_or(line.usual_debug_port) == DebugConsole::firmware_port) {
      words.push_back("--firmware-log=" + output);
    } else if (output != serial) {  // of which it is part in any case
      words.push_back("--debug-console=" + output);
    }
  }
  return words;
}

}  // namespace gdbvm::qemu

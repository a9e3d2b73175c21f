// Where bytes go: -serial, -monitor and -gdb, which QEMU calls character devices.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gdbstub/server/endpoint.h"
#include "vmm/app/options/declaration.h"
#include "vmm/app/options/qemu/options.h"
#include "vmm/app/options/qemu/settings.h"
#include "vmm/console/serial_endpoint.h"

namespace gdbvm::qemu {

namespace {

using options::reject;

bool has(const std::vector<Setting>& settings, std::string_view key, bool on) {
  return std::ranges::any_of(settings, [&](const Setting& s) { return s.key == key && is_on(s) == on; });
}

// "unix:PATH,server=on,wait=off", or tcp. gdbvm listens, and nothing waits for clients.
std::string socket_of(const std::string& text) {
  const auto settings = settings_of(text, "address");
  if (!has(settings, "server", true)) {
    reject(fmt::format("-serial {} connects to a socket, and gdbvm listens: add ,server=on,wait=off", text));
  }
  if (!has(settings, "wait", false) && !has(settings, "nowait", true)) {
    reject(fmt::format("-serial {} waits for a client, and gdbvm does not: add ,wait=off", text));
  }
  return settings.front().value;
}

std::string serial_of(const std::string& value) {
  if (is_stdio(value)) return "stdio";
  if (value == "null" || value == "none") return "none";
  if (value == "pty" || (value.starts_with("file:") && value != "file:")) return value;
  if (value.starts_with("unix:") || value.starts_with("tcp:")) {
    const std::string socket = socket_of(value);
    if (parse_serial_endpoint(socket)) return socket;
  }
  reject(fmt::format("-serial {}: gdbvm has stdio, mon:stdio, file:PATH, unix:PATH, tcp:HOST:PORT, pty, null and none",
                     value));
}

std::string gdb_of(const std::string& value) {
  constexpr std::string_view tcp = "tcp:", unix_prefix = "unix:";
  if (value == "none" || value == "stdio") return value;
  if (value.starts_with(unix_prefix)) return value.substr(0, value.find(','));
  if (value.starts_with(tcp)) return value.substr(tcp.size(), value.find(',') - tcp.size());
  reject(fmt::format("-gdb {}: gdbvm has tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio and none", value));
}

// COM1's and COM2's; "" where nothing was typed for it.
std::array<std::string, 2> serial_ends(const Line& line) {
  std::array<std::string, 2> ends;
  std::size_t used = 0;
  for (const std::string& typed : line.serial_ports) {
    const std::string end = serial_of(device_of(line, "-serial", typed));
    if (used < ends.size()) {
      ends[used++] = end;
    } else if (end != "none") {
      reject(fmt::format("-serial {} is the third serial port, and gdbvm has two", typed));
    }
  }
  if (ends[1] == "stdio") reject("a second -serial on stdio: standard input and output can be the first one's alone");
  return ends;
}

void check_monitor(const Line& line, const std::string& serial) {
  const std::string monitor = device_of(line, "-monitor", line.monitor);
  if (is_stdio(monitor) && serial != "stdio") {
    reject("-monitor stdio: gdbvm's is at Ctrl-A c, where the serial port is on the terminal: -serial mon:stdio");
  }
  if (is_stdio(monitor) || monitor.empty() || monitor == "none" || monitor == "null" || monitor == "vc") return;
  reject(fmt::format("-monitor {}: gdbvm's is at Ctrl-A c on the terminal, and gdb's monitor command", monitor));
}

}  // namespace

void apply_serial(Line& line, const std::string& value) { line.serial_ports.push_back(value); }
void apply_monitor(Line& line, const std::string& value) { line.monitor = value; }

void apply_gdb(Line& line, const std::string& value) {
  line.gdb = gdb_of(value);
  if (line.gdb == "none") return;
  if (const auto endpoint = gdbstub::parse_endpoint(line.gdb); !endpoint) {
    reject(fmt::format("-gdb {}: {}", value, endpoint.error().text));
  }
}

std::vector<std::string> stream_words(const Line& line) {
  std::vector<std::string> words;
  const auto [typed, second] = serial_ends(line);
  const std::string serial = !typed.empty() ? typed : line.no_defaults ? "none" : "stdio";
  check_monitor(line, serial);
  // With --gdb stdio, which is the debugger's, the serial port has a default of its own.
  const bool of_the_debugger = line.gdb == "stdio" && line.serial_ports.empty();
  if (!of_the_debugger) words.push_back("--serial=" + serial);
  if (!second.empty()) words.push_back("--serial2=" + second);
  for (std::string& word : debug_port_words(line, serial)) words.push_back(std::move(word));
  if (line.logs_interrupts) words.push_back("--trace=irq" + (line.log.empty() ? "" : ":" + line.log));
  return words;
}

}  // namespace gdbvm::qemu

// The machine itself: CPUs, memory, chipset, clock, display, network and what is logged of it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/app/options/qemu/options.h"
#include "vmm/app/options/qemu/settings.h"
#include "vmm/host/parse_number.h"
#include "vmm/memory/address.h"

namespace gdbvm::qemu {

namespace {

using options::reject;

template <std::size_t N>
bool is_one_of(const std::string& word, const std::array<const char*, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

void check_machine_type(const std::string& type) {
  if (type == "pc" || type.starts_with("pc-i440fx")) return;
  reject(fmt::format("-machine {}: gdbvm's machine is a pc; leave it out if the guest needs nothing else", type));
}

}  // namespace

void apply_memory(Line& line, const std::string& value) {
  constexpr std::uint64_t mib = 1 << 20, most = std::uint64_t{4} << 40;
  for (const auto& [key, size] : settings_of(value, "size")) {
    if (key == "slots" || key == "maxmem") continue;  // for memory that is plugged in later
    if (key != "size") reject(fmt::format("-m {}={}: gdbvm does not have this setting", key, size));
    const auto bytes = parse_size(size, mib, most);
    if (!bytes) reject(fmt::format("-m {} is not a size such as 512, 512M or 1G", size));
    if (*bytes == 0 || *bytes % page_size != 0) reject(fmt::format("-m {} is not a positive multiple of 4K", size));
    line.words.push_back("--memory=" + size);
    line.memory_given = true;
  }
}

void apply_cpus(Line& line, const std::string& value) {
  std::uint64_t cpus = 0, in_packages = 1;
  for (const auto& [key, text] : settings_of(value, "cpus")) {
    constexpr std::array keys{"cpus", "maxcpus", "sockets", "dies", "clusters", "cores", "threads"};
    const auto number = parse_number(text);
    if (!is_one_of(key, keys)) reject(fmt::format("-smp {}={}: there is no such setting", key, text));
    if (!number || *number < 1 || *number > 255) reject(fmt::format("-smp {}: {} is not 1 to 255", value, text));
    if (key == "cpus") cpus = *number;
    if (key != "cpus" && key != "maxcpus") in_packages *= *number;
  }
  if (cpus == 0) cpus = in_packages;
  if (cpus > 255) reject(fmt::format("-smp {}: {} CPUs are more than 255", value, cpus));
  line.words.push_back(fmt::format("--cpus={}", cpus));
}

void apply_accelerator(Line&, const std::string& value) {
  const std::string name = settings_of(value, "accel").front().value;
  if (!is_one_of(name, std::array{"kvm", "tcg", "kvm:tcg", "tcg:kvm"})) {
    reject(fmt::format("-accel {}: gdbvm's is kvm", name));
  }
}

void apply_machine(Line& line, const std::string& value) {
  // What is there already, what the guest does not see, and ACPI tables, which a guest that is not meant to use them
  // does not look for.
  constexpr std::array harmless{"acpi=on",
                                "acpi=off",
                                "dump-guest-core=on",
                                "dump-guest-core=off",
                                "graphics=off",
                                "hpet=off",
                                "i8042=on",
                                "kernel-irqchip=on",
                                "kernel-irqchip=off",
                                "kernel_irqchip=on",
                                "kernel_irqchip=off",
                                "mem-merge=on",
                                "mem-merge=off",
                                "pit=on",
                                "smm=off",
                                "usb=off",
                                "vmport=off"};
  for (const auto& [key, setting] : settings_of(value, "type")) {
    if (key == "type") {
      check_machine_type(setting);
    } else if (key == "accel") {
      apply_accelerator(line, setting);
    } else if (!is_one_of(fmt::format("{}={}", key, setting), harmless)) {
      reject(fmt::format("-machine {}={}: gdbvm does not have this setting", key, setting));
    }
  }
}

// Windows are QEMU's default, and it would say nothing about a host that has none.
void apply_display(Line& line, const std::string& value) {
  const auto settings = settings_of(value, "type");
  const std::string& name = settings.front().value;
  if (settings.front().key == "vnc") {
    apply_vnc(line, value.substr(value.find('=') + 1));
  } else if (name == "curses") {
    line.words.emplace_back("--display=terminal");
  } else if (!is_one_of(name, std::array{"none", "gtk", "sdl", "cocoa", "default"})) {
    reject(
        fmt::format("-display {}: gdbvm shows the screen on the terminal (-display curses) and by VNC (-vnc)", name));
  }
}

// HOST:N and unix:PATH; N counts from port 5900 on.
void apply_vnc(Line& line, const std::string& value) {
  if (value == "none") return;
  const std::vector<std::string> parts = split_at_commas(value);
  if (parts.size() > 1) reject(fmt::format("-vnc {}: gdbvm's VNC server has no {}", parts[0], parts[1]));
  if (value.starts_with("unix:")) return line.words.push_back("--display=vnc=" + value);
  constexpr unsigned first_port = 5900, most = 59635;
  const std::size_t colon = value.rfind(':');
  const auto number = colon == value.npos ? std::nullopt : parse_number(value.substr(colon + 1));
  if (!number || *number > most) reject(fmt::format("-vnc {}: this is not HOST:N, :N, unix:PATH or none", value));
  line.words.push_back(fmt::format("--display=vnc={}:{}", value.substr(0, colon), first_port + *number));
}

void apply_vga(Line&, const std::string& value) {
  if (value != "std" && value != "none") reject(fmt::format("-vga {}: gdbvm's display adapter is std", value));
}

void apply_clock(Line& line, const std::string& value) {
  for (const auto& [key, setting] : settings_of(value)) {
    if (key == "clock" && setting == "host") {
      line.words.emplace_back("--rtc=wall");
    } else if (key == "clock" && setting == "vm") {
      line.words.emplace_back("--rtc=machine");
    } else if (!(key == "base" && setting == "utc") && key != "driftfix") {
      reject(fmt::format("-rtc {}={}: gdbvm has base=utc, clock=host and clock=vm", key, setting));
    }
  }
}

void apply_log(Line& line, const std::string& value) {
  for (const std::string& item : split_at_commas(value)) {
    if (item == "int") {
      line.logs_interrupts = true;
    } else if (!is_one_of(item, std::array{"cpu_reset", "guest_errors", "unimp", "nochain"})) {
      reject(fmt::format("-d {}: the CPU itself runs the guest, and of what it does gdbvm can log int alone", item));
    }
  }
}

void apply_network(Line&, const std::string& value) {
  if (value != "none") reject(fmt::format("-net or -nic {}: gdbvm has no network card; none is accepted", value));
}

void apply_boot(Line& line, const std::string& value) {
  for (const auto& [key, setting] : settings_of(value, "order")) {
    if (key == "order" || key == "once") {
      if (setting.empty() || !is_one_of(setting.substr(0, 1), std::array{"a", "c", "d"})) {
        reject(fmt::format("-boot {}: gdbvm boots from a floppy (a), a disk (c) or a CD-ROM (d)", setting));
      }
      line.boots_first = setting.front();
    } else if (key != "strict" && !(key == "menu" && setting == "off")) {
      reject(fmt::format("-boot {}={}: gdbvm does not have this setting", key, setting));
    }
  }
}

}  // namespace gdbvm::qemu

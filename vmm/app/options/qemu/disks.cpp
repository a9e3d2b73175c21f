// Disks: -drive, -hda and its like, and the devices that drives with if=none are given to.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/app/options/qemu/options.h"
#include "vmm/app/options/qemu/settings.h"
#include "vmm/devices/debug_exit.h"
#include "vmm/host/parse_number.h"

namespace gdbvm::qemu {

namespace {

using options::reject;

Drive::Interface interface_of(const std::string& name) {
  if (name == "ide") return Drive::Interface::Ide;
  if (name == "virtio") return Drive::Interface::Virtio;
  if (name == "floppy") return Drive::Interface::Floppy;
  if (name == "none") return Drive::Interface::None;
  if (name == "pflash") reject("-drive if=pflash: gdbvm has no flash memory, and no UEFI; -bios FILE starts firmware");
  reject(fmt::format("-drive if={}: gdbvm's disks are ide, virtio or floppy", name));
}

unsigned number_of(const Setting& setting) {
  const auto number = parse_number(setting.value);
  constexpr std::uint64_t most = 255;
  if (!number || *number > most) reject(fmt::format("-drive {}={} is not a number", setting.key, setting.value));
  return static_cast<unsigned>(*number);
}

// How the host reads and writes the file, which the guest does not see.
bool is_of_the_host(std::string_view key) {
  constexpr std::array keys{"aio", "cache", "detect-zeroes", "discard", "rerror", "werror"};
  return std::ranges::find(keys, key) != keys.end();
}

void set(Drive& drive, unsigned& bus, unsigned& unit, const Setting& setting) {
  const auto& [key, value] = setting;
  if (key == "file") {
    drive.file = value;
  } else if (key == "id") {
    drive.id = value;
  } else if (key == "if") {
    drive.interface = interface_of(value);
  } else if (key == "index") {
    drive.index = number_of(setting);
  } else if (key == "bus") {
    bus = number_of(setting);
  } else if (key == "unit") {
    unit = number_of(setting);
  } else if (key == "media") {
    if (value != "disk" && value != "cdrom") reject(fmt::format("-drive media={} is not disk or cdrom", value));
    drive.is_cdrom = value == "cdrom";
  } else if (key == "format" || key == "driver") {
    if (value != "raw") reject(fmt::format("-drive {}={}: gdbvm reads raw images (qemu-img convert)", key, value));
  } else if (key == "readonly" || key == "read-only") {
    drive.read_only = is_on(setting);
  } else if (key == "snapshot") {
    drive.snapshot = is_on(setting);
  } else if (!is_of_the_host(key)) {
    reject(fmt::format("-drive {}={}: gdbvm does not have this setting", key, value));
  }
}

DriveDevice drive_device(const std::string& text, const std::vector<Setting>& settings, Drive::Interface interface,
                         bool is_cdrom) {
  const auto drive = std::ranges::find(settings, "drive", &Setting::key);
  if (drive == settings.end()) reject(fmt::format("-device {}: drive=ID is missing", text));
  return {text, drive->value, interface, is_cdrom};
}

void apply_debug_exit(Line& line, const std::vector<Setting>& settings) {
  std::uint64_t port = 0x501;
  for (const auto& [key, value] : settings) {
    const auto number = parse_number(value);
    if (key == "iobase" && number && *number <= 0x10000 - DebugExit::port_count) {
      port = *number;
    } else if (key == "iobase") {
      reject(fmt::format("-device isa-debug-exit,iobase={} is not a port", value));
    } else if (key == "iosize" && number && *number >= 1 && *number <= DebugExit::port_count) {
      continue;
    } else if (key == "iosize") {
      reject(fmt::format("-device isa-debug-exit,iosize={} is not 1 to {}", value, DebugExit::port_count));
    }
  }
  line.words.push_back(fmt::format("--debug-exit={:#x}", port));
}

// What was typed as a drive of interface `none` becomes that of the device to which it is given.
std::vector<Drive> connected(const Line& line) {
  std::vector<Drive> drives = line.drives;
  for (const DriveDevice& device : line.drive_devices) {
    const auto drive = std::ranges::find(drives, device.id, &Drive::id);
    if (drive == drives.end()) reject(fmt::format("-device {}: there is no -drive with id={}", device.text, device.id));
    drive->interface = device.interface;
    drive->is_cdrom = drive->is_cdrom || device.is_cdrom;
  }
  std::erase_if(drives, [](const Drive& d) { return d.interface == Drive::Interface::None; });
  return drives;
}

// gdbvm gives disks their places in the order in which they come, and QEMU by their index.
void put_in_order(std::vector<Drive>& drives) {
  unsigned free = 0;
  const auto is_taken = [&](unsigned index) {
    return std::ranges::any_of(
        drives, [&](const Drive& d) { return d.interface == Drive::Interface::Ide && d.index == index; });
  };
  for (Drive& drive : drives) {
    if (drive.index || drive.interface != Drive::Interface::Ide) continue;
    while (is_taken(free)) ++free;
    drive.index = free;
  }
  std::multimap<unsigned, Drive> in_order;  // of the same index, in the order in which they were typed
  for (Drive& drive : drives) in_order.emplace(drive.index.value_or(0), std::move(drive));
  drives.clear();
  for (auto& [index, drive] : in_order) drives.push_back(std::move(drive));
}

// As -boot has it.
char kind_of(const Drive& drive) {
  if (drive.interface == Drive::Interface::Floppy) return 'a';
  return drive.is_cdrom ? 'd' : 'c';
}

std::string word_of(const Drive& drive, bool snapshot) {
  std::string word = drive.file;
  if (drive.interface == Drive::Interface::Floppy) return word + ",floppy";
  if (drive.read_only) word += ",ro";
  if (!drive.read_only && !drive.is_cdrom && (drive.snapshot || snapshot)) word += ",snapshot";
  const bool is_ide = drive.interface == Drive::Interface::Ide;
  return word + (drive.is_cdrom ? ",cdrom" : is_ide ? ",ide" : ",virtio");
}

}  // namespace

void apply_drive(Line& line, const std::string& value) {
  Drive drive;
  unsigned bus = 0, unit = 0;
  const auto settings = settings_of(value);
  for (const Setting& setting : settings) set(drive, bus, unit, setting);
  constexpr unsigned units = 2;
  const bool placed = std::ranges::any_of(settings, [](const Setting& s) { return s.key == "bus" || s.key == "unit"; });
  if (placed && !drive.index) drive.index = bus * units + unit;
  if (drive.file.empty()) reject(fmt::format("-drive {}: file=FILE is missing", value));
  line.drives.push_back(std::move(drive));
}

void apply_hard_disk(Line& line, unsigned index, const std::string& file) {
  line.drives.push_back({.file = file, .id = {}, .index = index});
}

void apply_floppy(Line& line, const std::string& file) {
  Drive drive;
  drive.file = file;
  drive.interface = Drive::Interface::Floppy;
  line.drives.push_back(std::move(drive));
}

void apply_cdrom(Line& line, const std::string& file) {
  constexpr unsigned second_channel = 2;
  line.drives.push_back({.file = file, .id = {}, .index = second_channel, .is_cdrom = true});
}

void apply_device(Line& line, const std::string& value) {
  auto settings = settings_of(value, "driver");
  const std::string name = settings.front().value;
  settings.erase(settings.begin());
  if (name == "isa-debug-exit") return apply_debug_exit(line, settings);
  if (apply_character_port(line, name, settings)) return;
  if (name.starts_with("virtio-rng")) return;  // every machine has it
  if (name == "VGA") return;                   // likewise
  const bool is_virtio = name.starts_with("virtio-blk");
  if (is_virtio || name == "ide-hd" || name == "ide-cd") {
    const auto interface = is_virtio ? Drive::Interface::Virtio : Drive::Interface::Ide;
    line.drive_devices.push_back(drive_device(value, settings, interface, name == "ide-cd"));
    return;
  }
  reject(fmt::format("-device {}: gdbvm does not have this device", name));
}

std::vector<std::string> disk_words(const Line& line) {
  std::vector<Drive> drives = connected(line);
  put_in_order(drives);
  std::vector<std::string> words;
  for (const char kind : {line.boots_first, 'c', 'a', 'd'}) {
    for (const Drive& drive : drives) {
      if (kind_of(drive) == kind) words.push_back("--disk=" + word_of(drive, line.snapshot));
    }
    std::erase_if(drives, [kind](const Drive& drive) { return kind_of(drive) == kind; });
  }
  return words;
}

}  // namespace gdbvm::qemu

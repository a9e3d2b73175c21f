#include "vmm/app/firmware_boot.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include <fmt/format.h>

#include "vmm/boot/medium.h"
#include "vmm/host/read_file.h"
#include "vmm/host/setup_error.h"
#include "vmm/machine/firmware_files.h"
#include "vmm/machine/ide_drives.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {

constexpr const char* display_rom = "/usr/share/seabios/vgabios-stdvga.bin";
constexpr std::uint64_t largest_rom = 64 << 10;
constexpr const char* floppy_file = "floppyimg/floppy";

std::string find_firmware(const std::string& what, const std::vector<std::string>& places) {
  const auto exists = [](const std::string& path) {
    std::error_code none;
    return std::filesystem::exists(path, none);
  };
  const auto found = std::ranges::find_if(places, exists);
  if (found != places.end()) return *found;
  throw SetupError(
      fmt::format("{}, which a PC's firmware starts, and there is none: install Debian's package seabios, or name a "
                  "firmware with --bios FILE (--boot flat starts a boot sector without)",
                  what));
}

// nullopt: IMAGE is started without firmware, or cannot be read, which its loader will say.
std::optional<boot::Medium> medium_of(const GuestOptions& options) {
  const auto start = read_start(options.image, boot::medium_head);
  if (!start) return std::nullopt;
  auto medium = boot::find_medium(start->bytes, start->file_size, options.load);
  if (!medium) throw SetupError(medium.error());
  return std::move(*medium);
}

void put_on_bus(std::vector<Disk>& disks, DiskBus bus) {
  for (Disk& disk : disks) {
    if (disk.bus == DiskBus::Auto) disk.bus = bus;
  }
}

FwCfg::File number(const char* name, std::uint16_t value) {
  return {name, {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)}};
}

// As SeaBIOS calls what it can boot, in the disks' order: lines, the last of which ends with a zero.
std::string boot_order(const std::vector<Disk>& disks) {
  const auto places = ide_places_of(disks);
  std::string order;
  for (std::size_t i = 0; i < disks.size(); ++i) {
    constexpr unsigned drives = ide::Controller::drives;
    if (places[i])
      order += fmt::format("/pci@i0cf8/ide@1,1/drive@{}/disk@{}\n", *places[i] / drives, *places[i] % drives);
    if (disks[i].bus == DiskBus::Floppy) order += fmt::format("/rom@{}\n", floppy_file);
  }
  if (!order.empty()) order.back() = '\0';
  return order;
}

std::vector<std::uint8_t> floppy_bytes(const std::string& path) {
  auto bytes = read_file(path, boot::largest_floppy, "a floppy");
  if (!bytes) throw SetupError(bytes.error());
  bytes->resize(boot::floppy_size(bytes->size()));
  return std::move(*bytes);
}

// Before the firmware there is no floppy, and it takes one.
void check_floppies(const GuestOptions& options) {
  const auto floppies = std::ranges::count(options.disks, DiskBus::Floppy, &Disk::bus);
  if (floppies == 0) return;
  if (options.load.protocol != boot::Protocol::Firmware) {
    throw SetupError(fmt::format("a floppy is for firmware, and {} starts without it", options.image));
  }
  if (floppies > 1) throw SetupError("there is room for one floppy");
}

GuestOptions found_medium(GuestOptions options, const std::vector<std::string>& places) {
  const auto named = [&] { return !options.bios.empty(); };
  if (options.load.protocol == boot::Protocol::Firmware) {
    if (!named()) {
      options.bios = find_firmware(options.image + " is a disk", places);
      options.medium = boot::Medium{boot::Medium::Kind::Disk, "disk"};
    }
    put_on_bus(options.disks, DiskBus::Ide);
    return options;
  }
  const auto medium = medium_of(options);
  if (!medium) {
    if (named()) throw SetupError(options.image + " is nothing that the firmware of --bios could boot");
    put_on_bus(options.disks, DiskBus::Virtio);
    return options;
  }
  if (!named()) options.bios = find_firmware(fmt::format("{} is a {}", options.image, medium->name), places);
  using Kind = boot::Medium::Kind;
  options.medium = medium;
  const DiskBus bus = medium->kind == Kind::Cd       ? DiskBus::Cdrom
                      : medium->kind == Kind::Floppy ? DiskBus::Floppy
                                                     : DiskBus::Ide;
  options.disks.insert(options.disks.begin(), {options.image, DiskMode::Snapshot, bus});
  options.load.protocol = boot::Protocol::Firmware;
  put_on_bus(options.disks, DiskBus::Ide);
  return options;
}

}  // namespace

std::vector<std::string> usual_firmware() {
  return {"/usr/share/seabios/bios-256k.bin", "/usr/share/seabios/bios.bin"};
}

GuestOptions with_firmware(GuestOptions given, const std::vector<std::string>& places) {
  GuestOptions options = found_medium(std::move(given), places);
  check_floppies(options);
  return options;
}

std::vector<FwCfg::File> firmware_extras(const GuestOptions& options) {
  if (options.load.protocol != boot::Protocol::Firmware) return {};
  std::vector<FwCfg::File> files{number("etc/sercon-port", x86::wiring::com1_port), number("etc/show-boot-menu", 0)};
  const std::string order = boot_order(options.disks);
  if (!order.empty()) files.push_back({"bootorder", {order.begin(), order.end()}});
  if (auto rom = read_file(display_rom, largest_rom, "a ROM")) {
    files.push_back({"pci1234,1111.rom", std::move(*rom)});
  }
  const auto floppy = std::ranges::find(options.disks, DiskBus::Floppy, &Disk::bus);
  if (floppy != options.disks.end()) files.push_back({floppy_file, floppy_bytes(floppy->path)});
  return files;
}

std::vector<FwCfg::File> files_for_firmware(const GuestOptions& options, std::size_t virtio_devices) {
  auto files = firmware_files(
      {.cpus = options.cpus, .memory = options.memory, .virtio_devices = static_cast<unsigned>(virtio_devices)});
  std::ranges::move(firmware_extras(options), std::back_inserter(files));
  return files;
}

}  // namespace gdbvm

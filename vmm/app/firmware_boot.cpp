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

// As SeaBIOS calls a drive.
std::string path_of(unsigned place) {
  return fmt::format("/pci@i0cf8/ide@1,1/drive@{}/disk@{}\n", place / ide::Controller::drives,
                     place % ide::Controller::drives);
}

}  // namespace

std::vector<std::string> usual_firmware() {
  return {"/usr/share/seabios/bios-256k.bin", "/usr/share/seabios/bios.bin"};
}

GuestOptions with_firmware(GuestOptions options, const std::vector<std::string>& places) {
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
  if (medium->kind == Kind::Floppy) {
    options.floppy = options.image;
  } else {
    const DiskBus bus = medium->kind == Kind::Cd ? DiskBus::Cdrom : DiskBus::Ide;
    options.disks.insert(options.disks.begin(), {options.image, DiskMode::Snapshot, bus});
  }
  options.load.protocol = boot::Protocol::Firmware;
  put_on_bus(options.disks, DiskBus::Ide);
  return options;
}

std::vector<FwCfg::File> firmware_extras(const GuestOptions& options) {
  if (options.load.protocol != boot::Protocol::Firmware) return {};
  std::vector<FwCfg::File> files{number("etc/sercon-port", x86::wiring::com1_port), number("etc/show-boot-menu", 0)};
  std::string order;
  for (const auto place : ide_places_of(options.disks)) {
    if (place) order += path_of(*place);
  }
  // Without its last line's end, with a zero.
  if (!order.empty()) order.back() = '\0';
  if (!order.empty() && options.floppy.empty()) files.push_back({"bootorder", {order.begin(), order.end()}});
  if (auto rom = read_file(display_rom, largest_rom, "a ROM")) {
    files.push_back({"pci1234,1111.rom", std::move(*rom)});
  }
  if (options.floppy.empty()) return files;
  auto floppy = read_file(options.floppy, boot::largest_floppy, "a floppy");
  if (!floppy) throw SetupError(floppy.error());
  files.push_back({"floppyimg/floppy", std::move(*floppy)});
  return files;
}

std::vector<FwCfg::File> files_for_firmware(const GuestOptions& options, std::size_t virtio_devices) {
  auto files = firmware_files(
      {.cpus = options.cpus, .memory = options.memory, .virtio_devices = static_cast<unsigned>(virtio_devices)});
  std::ranges::move(firmware_extras(options), std::back_inserter(files));
  return files;
}

}  // namespace gdbvm

#include "vmm/app/options/guest.h"

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/host/parse_number.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {

using options::reject;

// "256M": K, M, G or T, MiB without a suffix; a positive multiple of the page size of at most 4T. In bytes.
std::uint64_t parse_memory_size(std::string_view text) {
  constexpr std::uint64_t mib = 1 << 20, max = std::uint64_t{4} << 40;
  const auto size = parse_size(text, mib, max);
  if (size == std::unexpected(SizeError::NotASize)) {
    reject(fmt::format("--memory: '{}' is not a size such as 256M", text));
  }
  if (!size) reject(fmt::format("--memory: {} is more than 4T", text));
  if (*size == 0 || *size % page_size != 0) {
    reject(fmt::format("--memory: {} is not a positive multiple of 4K", text));
  }
  return *size;
}

Gpa parse_load_address(std::string_view text) {
  const auto address = parse_number(text);
  if (!address) reject(fmt::format("--load: '{}' is not an address", text));
  return {*address};
}

std::uint16_t parse_port(std::string_view text) {
  constexpr std::uint64_t last = 0x10000 - DebugExit::port_count;
  const auto port = parse_number(text);
  if (!port || *port > last) reject(fmt::format("--debug-exit: '{}' is not a port, 0 to {:#x}", text, last));
  return static_cast<std::uint16_t>(*port);
}

// "FILE" and, in any order, what it is to be: the words after the last commas that say so.
Disk parse_disk(std::string text) {
  Disk disk;
  const auto ends_with = [&text](std::string_view word) {
    if (!text.ends_with(word)) return false;
    text.resize(text.size() - word.size());
    return true;
  };
  for (;;) {
    if (ends_with(",ro")) {
      disk.mode = DiskMode::ReadOnly;
    } else if (ends_with(",snapshot")) {
      disk.mode = DiskMode::Snapshot;
    } else if (ends_with(",ide")) {
      disk.bus = DiskBus::Ide;
    } else if (ends_with(",virtio")) {
      disk.bus = DiskBus::Virtio;
    } else if (ends_with(",cdrom")) {
      disk.bus = DiskBus::Cdrom;
    } else if (ends_with(",floppy")) {
      disk.bus = DiskBus::Floppy;
    } else {
      disk.path = std::move(text);
      return disk;
    }
  }
}

std::vector<Disk> parse_disks(const std::vector<std::string>& texts) {
  constexpr std::size_t max = x86::wiring::virtio_most - 1;  // one is the source of entropy
  if (texts.size() > max) reject(fmt::format("--disk: a machine has at most {} disks, not {}", max, texts.size()));
  std::vector<Disk> disks;
  for (const std::string& text : texts) disks.push_back(parse_disk(text));
  return disks;
}

}  // namespace

GuestOptionGroup::GuestOptionGroup(CLI::App& app) {
  GuestOptions& o = options_;
  app.add_option("IMAGE,--kernel", image_, "What to boot")->group("")->option_text("IMAGE");
  options::Group group(app, "Guest");
  memory_ = group.add("-m,--memory", "SIZE", "Guest memory; K, M, G or T, MiB without a suffix (256M)",
                      [&](const std::string& text) { o.memory = parse_memory_size(text); });
  cpus_ = group.place(app.add_option("--cpus", o.cpus, "Virtual CPUs, 1 to 255 (1)")->check(CLI::Range(1, 255)), "N");
  group.add_choice<RtcClock>(
      "--rtc", "CLOCK", "The real-time clock: wall, the host's time; machine, which stands when the guest does (wall)",
      o.rtc, {{"wall", RtcClock::Wall}, {"machine", RtcClock::Machine}});
  group.add("--debug-exit", "PORT", "The port that ends the guest with an exit status (0xf4)",
            [&](const std::string& text) { o.debug_exit_port = parse_port(text); });
  group.add_flag("--no-reboot", o.no_reboot,
                 "A reset by the guest ends it, with status 0, in place of starting it again");
  declare_boot(group);
  group.add_repeatable(
      "--disk", "FILE",
      "A disk: a raw image or block device; FILE,ro: read-only; FILE,snapshot: written in memory alone; FILE,ide, "
      "FILE,virtio, FILE,cdrom, FILE,floppy: as what (virtio; IDE if a firmware starts); repeatable",
      [&](const std::vector<std::string>& texts) { o.disks = parse_disks(texts); });
  of_boot_.push_back(group.add("--bios", "FILE", "The firmware that boots IMAGE or the disks (SeaBIOS)",
                               [&](const std::string& text) { bios_ = text; }));
  group.add("--restore", "FILE", "The snapshot to go on from; IMAGE gives symbols alone",
            [&](const std::string& text) { o.restore = text; });
  group.add("--replay", "FILE", "The recording to go through with a debugger; IMAGE gives symbols alone",
            [&](const std::string& text) { replay_ = text; });
}

void GuestOptionGroup::declare_boot(options::Group& group) {
  using boot::Mode, boot::Protocol;
  GuestOptions& o = options_;
  const auto add = [this](const CLI::Option* option) { of_boot_.push_back(option); };
  add(group.add("--load", "ADDRESS", "Where a flat image goes",
                [&](const std::string& text) { o.load.load = parse_load_address(text); }));
  add(group.add_choice<Mode>("--mode", "MODE",
                             "How a flat image starts: real, protected or long; protected also for an ELF", o.load.mode,
                             {{"real", Mode::Real}, {"protected", Mode::Protected}, {"long", Mode::Long}}));
  add(group.add_choice<Protocol>(
      "--boot", "KIND",
      "How the image is booted: auto, linux, pvh, multiboot, multiboot1, multiboot2, elf or flat (auto)",
      o.load.protocol,
      {{"auto", Protocol::Auto},
       {"linux", Protocol::Linux},
       {"pvh", Protocol::Pvh},
       {"multiboot", Protocol::Multiboot},
       {"multiboot1", Protocol::Multiboot1},
       {"multiboot2", Protocol::Multiboot2},
       {"elf", Protocol::Elf},
       {"flat", Protocol::Flat}}));
  add(group.add_repeatable("--initrd", "FILE", "Linux's initrd, or a module: 'FILE ARGUMENTS'; repeatable",
                           [&](const std::vector<std::string>& texts) { o.initrds = texts; }));
  add(group.add("--append", "TEXT", "The kernel's command line",
                [&](const std::string& text) { o.load.command_line = text; }));
}

GuestOptions GuestOptionGroup::options() const {
  GuestOptions options = options_;
  options.memory_given = memory_->count() > 0;
  options.cpus_given = cpus_->count() > 0;
  options.bios = bios_;
  const bool from_disks = image_.empty() && bios_.empty() && !options.disks.empty();
  options.image = from_disks ? options.disks[0].path : image_.empty() ? bios_ : image_;
  options.load.name = options.image;
  if (!options.restore.empty() && !replay_.empty()) reject("--restore and --replay contradict each other");
  options.replays = !replay_.empty();
  if (options.replays) options.restore = replay_;
  if (!options.restore.empty()) {
    check_restore();
    options.image = image_;
    return options;
  }
  if (options.image.empty()) reject("no IMAGE is given");
  if (!bios_.empty() && options.load.protocol != boot::Protocol::Auto) {
    reject("--bios and --boot contradict each other");
  }
  if (image_.empty() && options.load.protocol == boot::Protocol::Auto) options.load.protocol = boot::Protocol::Firmware;
  return options;
}

void GuestOptionGroup::check_restore() const {
  for (const CLI::Option* option : of_boot_) {
    if (option->count() == 0) continue;
    reject(fmt::format("{} goes on with what was booted before: {} contradicts it",
                       replay_.empty() ? "--restore" : "--replay", option->get_name()));
  }
}

}  // namespace gdbvm

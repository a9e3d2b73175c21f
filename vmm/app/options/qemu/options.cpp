// The table of QEMU's options. Rows are in the order of docs/qemu.md.
#include "vmm/app/options/qemu/options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vmm/app/options/qemu/settings.h"

namespace gdbvm::qemu {

namespace {

constexpr Option works(std::string_view name, Apply apply) { return {name, true, Verdict::Works, apply, {}}; }
constexpr Option flag(std::string_view name, Apply apply) { return {name, false, Verdict::Works, apply, {}}; }
constexpr Option shared(Option option) {
  option.is_shared = true;
  return option;
}
constexpr Option ignored(std::string_view name, bool has_value) {
  return {name, has_value, Verdict::Ignored, nullptr, {}};
}
constexpr Option refused(std::string_view name, std::string_view reason, bool has_value = true) {
  return {name, has_value, Verdict::Refused, nullptr, reason};
}

void add_modules(Line& line, const std::string& value) {
  for (const std::string& module : split_at_commas(value)) line.words.push_back("--initrd=" + module);
}
void add_command_line(Line& line, const std::string& value) {
  if (!value.empty()) line.words.push_back("--append=" + value);
}
template <unsigned index>
void add_hard_disk(Line& line, const std::string& file) {
  apply_hard_disk(line, index, file);
}

constexpr std::string_view no_network = "gdbvm has no network card";
constexpr std::string_view no_sound = "gdbvm has no sound card";
constexpr std::string_view no_usb = "gdbvm has no USB";
constexpr std::string_view no_qmp = "gdbvm has no QMP; its monitor is at Ctrl-A c on the terminal, and in gdb";

constexpr std::array table{
    works("kernel", [](Line& line, const std::string& value) { line.kernel = value; }),
    works("initrd", add_modules),
    works("append", add_command_line),
    works("bios", [](Line& line, const std::string& value) { line.words.push_back("--bios=" + value); }),
    works("hda", add_hard_disk<0>),
    works("hdb", add_hard_disk<1>),
    works("hdc", add_hard_disk<2>),
    works("hdd", add_hard_disk<3>),
    works("fda", apply_floppy),
    works("cdrom", apply_cdrom),
    works("drive", apply_drive),
    flag("snapshot", [](Line& line, const std::string&) { line.snapshot = true; }),
    works("boot", apply_boot),
    works("device", apply_device),
    shared(works("m", apply_memory)),
    works("smp", apply_cpus),
    works("machine", apply_machine),
    works("M", apply_machine),
    works("accel", apply_accelerator),
    works("rtc", apply_clock),
    flag("nographic", [](Line&, const std::string&) {}),
    works("display", apply_display),
    flag("curses", [](Line& line, const std::string&) { apply_display(line, "curses"); }),
    works("vnc", apply_vnc),
    works("vga", apply_vga),
    works("serial", apply_serial),
    works("monitor", apply_monitor),
    works("debugcon", apply_debug_console),
    works("chardev", apply_character_device),
    works("mon", apply_monitor_device),
    works("global", apply_global),
    works("gdb", apply_gdb),
    shared(flag("s", [](Line& line, const std::string&) { line.gdb = ":1234"; })),
    shared(flag("S", [](Line& line, const std::string&) { line.wait = true; })),
    flag("no-reboot", [](Line& line, const std::string&) { line.words.emplace_back("--no-reboot"); }),
    flag("nodefaults", [](Line& line, const std::string&) { line.no_defaults = true; }),
    works("net", apply_network),
    works("nic", apply_network),
    works("d", apply_log),
    works("D", [](Line& line, const std::string& value) { line.log = value; }),
    flag("help", [](Line&, const std::string&) { throw HelpAsked{}; }),
    flag("version", [](Line& line, const std::string&) { line.words.emplace_back("--version"); }),

    ignored("cpu", true),
    ignored("enable-kvm", false),
    ignored("no-shutdown", false),
    ignored("name", true),
    ignored("uuid", true),
    ignored("k", true),
    ignored("full-screen", false),
    ignored("no-user-config", false),
    ignored("no-hpet", false),
    ignored("no-acpi", false),
    ignored("no-fd-bootchk", false),
    ignored("L", true),
    ignored("overcommit", true),
    ignored("msg", true),

    refused("fdb", "gdbvm has one floppy, of -fda"),
    refused("pflash", "gdbvm has no flash memory, and no UEFI; -bios FILE starts firmware"),
    refused("netdev", no_network),
    refused("redir", no_network),
    refused("usb", no_usb, false),
    refused("usbdevice", no_usb),
    refused("audiodev", no_sound),
    refused("audio", no_sound),
    refused("soundhw", no_sound),
    refused("spice", "gdbvm shows the screen on the terminal (-display curses) and by VNC (-vnc)"),
    refused("parallel", "gdbvm has no parallel port"),
    refused("qmp", no_qmp),
    refused("icount", "the CPU itself runs the guest, and gdbvm cannot count its instructions"),
    refused("singlestep", "the CPU itself runs the guest; gdb steps it", false),
    refused("trace", "gdbvm has --trace kvm, io, irq and rsp"),
    refused("loadvm", "gdbvm has --restore FILE, with a snapshot of its own"),
    refused("incoming", "gdbvm has --restore FILE, with a snapshot of its own"),
    refused("daemonize", "gdbvm stays in the foreground", false),
    refused("pidfile", "gdbvm stays in the foreground"),
    refused("blockdev", "gdbvm has -drive"),
    refused("numa", "gdbvm has one node of memory"),
    refused("object", "gdbvm does not have this"),
    refused("set", "gdbvm's devices have no such settings"),
    refused("fw_cfg", "gdbvm has no files of the user's for the firmware"),
    refused("smbios", "gdbvm has no SMBIOS tables of the user's"),
    refused("acpitable", "gdbvm has no ACPI tables of the user's"),
    refused("option-rom", "gdbvm has no option ROMs of the user's"),
    refused("virtfs", "gdbvm does not share folders; -drive if=virtio is a disk"),
    refused("fsdev", "gdbvm does not share folders; -drive if=virtio is a disk"),
    refused("tpmdev", "gdbvm has no TPM"),
    refused("watchdog", "gdbvm has no watchdog"),
    refused("dtb", "a PC has no device tree"),
    refused("readconfig", "gdbvm has no configuration files"),
};

}  // namespace

std::span<const Option> options() { return table; }

std::string help_text() {
  std::string text = "QEMU's options that gdbvm takes (docs/qemu.md); its own are in gdbvm --help.\n";
  for (const Option& option : table) {
    if (option.verdict == Verdict::Refused) continue;
    text += fmt::format("\n-{}{}", option.name, option.has_value ? " VALUE" : "");
    if (option.verdict == Verdict::Ignored) text += " (ignored)";
  }
  return text;
}

const Option* find_option(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Option::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace gdbvm::qemu

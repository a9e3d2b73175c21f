// QEMU's options, and what becomes of each. docs/qemu.md is the same table for users.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "vmm/app/options/qemu/line.h"
#include "vmm/app/options/qemu/settings.h"

namespace gdbvm::qemu {

// One option with its value, "" where it has none. Throws CLI::ValidationError with a sentence that names the option.
using Apply = void (*)(Line& line, const std::string& value);

enum class Verdict {
  Works,
  Ignored,  // without a word: the guest is the same without it
  Refused,  // the guest would not be
};

struct Option {
  std::string_view name;  // without its dash
  bool has_value;
  Verdict verdict;
  Apply apply;              // Works
  std::string_view reason;  // Refused: the rest of a sentence that begins with the option
  // Of gdbvm's own, too: it says nothing about whose command line this is.
  bool is_shared = false;
};

std::span<const Option> options();
// What -help prints: what is not refused, each at the start of a line, where Makefiles look for it.
std::string help_text();
// Thrown by -help.
struct HelpAsked {};

const Option* find_option(std::string_view name);  // nullptr: QEMU has none, or one that nobody needs

// By subject.
void apply_drive(Line& line, const std::string& value);
void apply_hard_disk(Line& line, unsigned index, const std::string& file);
void apply_floppy(Line& line, const std::string& file);
void apply_cdrom(Line& line, const std::string& file);
void apply_device(Line& line, const std::string& value);
void apply_serial(Line& line, const std::string& value);
void apply_monitor(Line& line, const std::string& value);
void apply_debug_console(Line& line, const std::string& value);
void apply_gdb(Line& line, const std::string& value);
void apply_character_device(Line& line, const std::string& value);
void apply_monitor_device(Line& line, const std::string& value);
void apply_global(Line& line, const std::string& value);
// -device isa-debugcon and isa-serial; false: it is another. `settings` without the name.
bool apply_character_port(Line& line, const std::string& name, const std::vector<Setting>& settings);
void apply_memory(Line& line, const std::string& value);
void apply_cpus(Line& line, const std::string& value);
void apply_machine(Line& line, const std::string& value);
void apply_accelerator(Line& line, const std::string& value);
void apply_display(Line& line, const std::string& value);
void apply_vnc(Line& line, const std::string& value);
void apply_vga(Line& line, const std::string& value);
void apply_clock(Line& line, const std::string& value);
void apply_log(Line& line, const std::string& value);
void apply_boot(Line& line, const std::string& value);
void apply_network(Line& line, const std::string& value);

// For the disks, once all of them are known, in the order in which a firmware boots from them.
std::vector<std::string> disk_words(const Line& line);
bool is_stdio(std::string_view device);
// What was typed for an option, or the device that it names with "chardev:ID".
std::string device_of(const Line& line, std::string_view option, const std::string& typed);
// For the debug ports; `serial` as --serial takes it.
std::vector<std::string> debug_port_words(const Line& line, const std::string& serial);
// For the serial port, the debug ports and the monitor, once all character devices are known.
std::vector<std::string> stream_words(const Line& line);

}  // namespace gdbvm::qemu

// What QEMU's options on a command line have asked for so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vmm/devices/debug_console.h"

namespace gdbvm::qemu {

struct Drive {
  enum class Interface { Ide, Virtio, Floppy, None };
  std::string file, id;
  Interface interface = Interface::Ide;
  std::optional<unsigned> index;
  bool is_cdrom = false, read_only = false, snapshot = false;
};

// -device NAME,drive=ID
struct DriveDevice {
  std::string text, id;  // `text` as it was typed
  Drive::Interface interface;
  bool is_cdrom;
};

// -debugcon DEVICE, and -device isa-debugcon,chardev=ID
struct DebugPort {
  std::string_view option;
  std::string device;                 // as it was typed
  std::optional<std::uint64_t> port;  // nullopt: the usual one
};

struct Line {
  std::vector<std::string> words;  // gdbvm's options that depend on nothing else
  std::string kernel;              // empty: none
  std::string gdb;                 // as --gdb takes it; empty: none
  bool wait = false;               // -S
  bool memory_given = false;
  bool no_defaults = false;
  bool snapshot = false;  // all disks'

  // Where bytes go, as it was typed: a device, or "chardev:ID". Empty: not typed.
  std::vector<std::string> serial_ports;
  std::string monitor;
  std::vector<DebugPort> debug_ports;
  std::uint64_t usual_debug_port = DebugConsole::bochs_port;
  std::map<std::string, std::string> character_devices;  // by id, as -serial takes them
  bool logs_interrupts = false;
  std::string log;  // a file; empty: standard error

  char boots_first = 'c';  // -boot: a floppy (a), disks (c) or CD-ROMs (d)
  std::vector<Drive> drives;
  std::vector<DriveDevice> drive_devices;
};

}  // namespace gdbvm::qemu

// What QEMU's options on a command line have asked for so far.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gdbvm::qemu {

struct Drive {
  enum class Interface { Ide, Virtio, None };
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

struct Line {
  std::vector<std::string> words;  // gdbvm's options that depend on nothing else
  std::string kernel;              // empty: none
  std::string gdb;                 // as --gdb takes it; empty: none
  bool wait = false;               // -S
  bool memory_given = false;
  bool no_defaults = false;
  bool snapshot = false;  // all disks'

  std::vector<std::string> serial_ports;  // as --serial takes it
  bool monitor_on_stdio = false, debug_console_on_stdio = false;
  bool logs_interrupts = false;
  std::string log;  // a file; empty: standard error

  bool boots_from_cdrom = false;  // -boot d
  std::vector<Drive> drives;
  std::vector<DriveDevice> drive_devices;
};

}  // namespace gdbvm::qemu

// The options that say what the guest is: image or snapshot, memory, CPUs and disks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/boot/load_options.h"
#include "vmm/boot/medium.h"
#include "vmm/devices/debug_exit.h"
#include "vmm/machine/disk.h"
#include "vmm/machine/rtc_clock.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace gdbvm::options {
class Group;
}

namespace gdbvm {

struct GuestOptions {
  std::string image;
  std::string bios;                    // the firmware's file; empty: there is none, or it is still to be found
  std::optional<boot::Medium> medium;  // what the firmware boots; nullopt: nothing that is known
  std::vector<std::string> initrds;    // "FILE", or "FILE ARGUMENTS" for a multiboot module
  std::vector<Disk> disks;             // in the guest's order
  boot::LoadOptions load;              // named after the image
  std::uint64_t memory = std::uint64_t{256} << 20;  // bytes, a multiple of the page size
  unsigned cpus = 1;
  RtcClock rtc = RtcClock::Wall;
  std::uint16_t debug_exit_port = DebugExit::usual_port;
  bool no_reboot = false;  // a reset by the guest ends it

  std::string restore;   // the snapshot to go on from, or the recording to replay; empty: the image is booted
  bool replays = false;  // `restore` is a recording
  bool memory_given = false, cpus_given = false;
};

class GuestOptionGroup final {
 public:
  // Declares the options. `app` parses into this object, which stays where it is.
  explicit GuestOptionGroup(CLI::App& app);
  GuestOptionGroup(const GuestOptionGroup&) = delete;
  GuestOptionGroup& operator=(const GuestOptionGroup&) = delete;

  // What was typed means this. Throws CLI::ValidationError where it contradicts itself.
  GuestOptions options() const;

 private:
  void declare_boot(options::Group& group);
  void check_restore() const;

  GuestOptions options_;
  std::string image_, bios_, replay_;
  const CLI::Option* memory_ = nullptr;
  const CLI::Option* cpus_ = nullptr;
  std::vector<const CLI::Option*> of_boot_;  // those that say how something is booted
};

}  // namespace gdbvm

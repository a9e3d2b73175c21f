#include "vmm/app/inputs.h"

#include "vmm/app/firmware_boot.h"
#include "vmm/app/image_plan.h"
#include "vmm/app/saved_guest.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {

namespace {

void check_disks_for_history(const Options& options) {
  if (options.debugger.history == 0) return;
  for (const Disk& disk : options.guest.disks) {
    if (disk.mode == DiskMode::ReadWrite)
      throw SetupError(
          fmt::format("--history: {} would be written to its file, now and in the past: add ,snapshot", disk.path));
  }
}

}  // namespace

Inputs::Inputs(const Options& options, const snapshot::SavedMachine* saved)
    : virtio(virtio_devices(options.guest.disks)),
      ide(ide_drives(options.guest.disks)),
      firmware_files(files_for_firmware(options.guest, virtio.size())),
      plan(saved ? plan_of(*saved) : plan_image(options.guest, virtio.size())),
      files(options.guest.image, options.debugger.symbols, plan) {
  check_disks_for_history(options);
}

}  // namespace gdbvm

#include "vmm/app/image_plan.h"

#include <filesystem>

#include <fmt/format.h>

#include "vmm/boot/image.h"
#include "vmm/host/read_file.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {

namespace {

// "FILE", or "FILE ARGUMENTS" unless there is a file of that whole name.
boot::Module read_module(const std::string& text, std::uint64_t max_size) {
  std::error_code too_long_for_a_name;
  const bool whole = std::filesystem::exists(text, too_long_for_a_name);
  const std::string path = whole ? text : text.substr(0, text.find(' '));
  auto bytes = read_file(path, max_size, "the guest's memory");
  if (!bytes) throw SetupError(bytes.error());
  return {path, text, std::move(*bytes)};
}

}  // namespace

boot::BootPlan plan_image(const GuestOptions& options, std::size_t virtio_devices) {
  const bool by_firmware = options.load.protocol == boot::Protocol::Firmware;
  const std::string& path = by_firmware ? options.bios : options.image;
  const auto image = read_file(path, options.memory, "the guest's memory");
  if (!image) throw SetupError(image.error());
  boot::LoadOptions load = options.load;
  load.name = path;
  load.cpus = options.cpus;
  load.virtio_devices = static_cast<unsigned>(virtio_devices);
  for (const std::string& initrd : options.initrds) load.modules.push_back(read_module(initrd, options.memory));
  auto plan = boot::plan_boot(*image, load, options.memory);
  if (!plan) throw SetupError(plan.error());
  if (options.medium) {
    plan->format = fmt::format("{}, started by {}", options.medium->name, options.bios);
    if (options.medium->kind == boot::Medium::Kind::BootSector) {
      plan->format += " as it may call a BIOS (--boot flat: without)";
    }
  }
  return std::move(*plan);
}

}  // namespace gdbvm

// Monitor commands that save the guest's state in files.
#include "vmm/dump/core_file.h"
#include "vmm/dump/vmcoreinfo.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

std::vector<dump::CpuImage> images_of(Machine& machine) {
  std::vector<dump::CpuImage> images;
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) {
    Vcpu& vcpu = machine.vcpu({i});
    images.push_back({i + 1, vcpu.general(), vcpu.system(), vcpu.extended(), vcpu.xcr0()});
  }
  return images;
}

// As wide as the debugger sees the guest, or wider if it has entered long mode since.
dump::CoreClass class_of(Machine& machine, const dump::CpuImage& first) {
  const bool wide = machine.plan().architecture == boot::GuestArchitecture::X86_64;
  return wide || (first.system.efer & x86::efer::lma) ? dump::CoreClass::Elf64 : dump::CoreClass::Elf32;
}

std::string summary(const std::string& path, Machine& machine, const dump::CoreMap& map, std::string_view vmcoreinfo) {
  std::string text = fmt::format("{}: {} MiB of RAM in {} segment{}, {} CPU{}", path, machine.memory().size() >> 20,
                                 map.segments.size(), map.segments.size() == 1 ? "" : "s", machine.cpus(),
                                 machine.cpus() == 1 ? "" : "s");
  constexpr std::string_view release = "OSRELEASE=";
  if (vmcoreinfo.starts_with(release)) {
    text += fmt::format(", VMCOREINFO of Linux {}",
                        vmcoreinfo.substr(release.size(), vmcoreinfo.find('\n') - release.size()));
  }
  if (map.left_out) text += fmt::format("; {} mappings were left out", map.left_out);
  return text + "\n";
}

Result<> write_dump(MonitorContext& context, Arguments arguments) {
  const bool paging = !arguments.empty() && arguments[0] == "-p";  // QEMU's option; it is always so here
  if (paging) arguments = arguments.subspan(1);
  if (arguments.size() != 1) return fail("usage: dump FILE");
  const std::string path(arguments[0]);
  Machine& machine = context.debuggee.machine();
  const GuestView& view = context.debuggee.run_control().view();
  Result<> done;
  held(context, [&] {
    const auto images = images_of(machine);
    const auto core_class = class_of(machine, images[0]);
    std::vector<x86::SystemRegisters> spaces;
    for (const auto& image : images) spaces.push_back(image.system);
    const bool wide = core_class == dump::CoreClass::Elf64;
    auto map = dump::core_map(machine.memory(), spaces, wide ? dump::Unmapped::Window : dump::Unmapped::LeaveOut);
    if (!wide) dump::keep_32_bits(map);
    const std::string vmcoreinfo = dump::find_vmcoreinfo(machine.memory());
    const auto read = [&](Gpa from, std::span<std::uint8_t> out) { (void)view.read_physical(from, out); };
    done = dump::write_core(path, {core_class, dump::core_notes(images, core_class, vmcoreinfo), map.segments},
                            machine.memory(), read);
    if (done) context.print(summary(path, machine, map, vmcoreinfo));
  });
  return done;
}

Result<> no_snapshots_yet(MonitorContext&, Arguments) {
  return fail("there are no snapshots yet: `dump FILE` writes a core, `system_reset` starts over");
}

constexpr MonitorCommand table[] = {
    {"dump", "FILE", "an ELF core of the guest, for gdb, crash and drgn", write_dump},
    {"dump-guest-memory", "[-p] FILE", "the same", write_dump},
    {"savevm", "[NAME]", "not yet", no_snapshots_yet},
    {"loadvm", "NAME", "not yet", no_snapshots_yet},
};

}  // namespace

std::span<const MonitorCommand> dump_commands() { return table; }

}  // namespace gdbvm::monitor

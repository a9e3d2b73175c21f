// Monitor commands that save the guest's state in files.
#include <memory>
#include <utility>

#include "vmm/dump/core_file.h"
#include "vmm/dump/vmcoreinfo.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Progress;
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

std::vector<x86::SystemRegisters> spaces_of(const std::vector<dump::CpuImage>& cpus) {
  std::vector<x86::SystemRegisters> spaces;
  for (const auto& cpu : cpus) spaces.push_back(cpu.system);
  return spaces;
}

// A core in the making. The guest stands still until it is done or given up: it shows one moment.
class CoreDump final {
 public:
  CoreDump(Debuggee& debuggee, std::string path, dump::CoreFile file)
      : debuggee_(debuggee),
        path_(std::move(path)),
        hold_(control().hold()),
        resets_(control().held([&] { return control().resets(); })),
        cpus_(control().held([&] { return images_of(machine()); })),  // one that is to park may still do so
        core_class_(class_of(machine(), cpus_[0])),
        walk_(memory(), spaces_of(cpus_), is_wide() ? Unmapped::Window : Unmapped::LeaveOut),
        kernel_(memory()),
        file_(std::move(file)) {}

  // Inside held().
  Result<Progress> more(const Print& print) {
    if (control().resets() != resets_) return fail("the machine has started over, so there is no core");
    const gdbstub::PieceTimer timer;
    const auto pause = [&] { return timer.is_up(); };
    if (!walk_.more(pause) || !kernel_.more(pause)) return Progress::Unfinished;
    if (const auto begun = begin_file(); !begun) return std::unexpected(begun.error());
    const auto progress = file_.more(pause);
    if (progress == Progress::Done) print(summary(path_, machine(), map_, kernel_.text()));
    return progress;
  }

 private:
  using Unmapped = dump::CoreWalk::Unmapped;

  RunControl& control() { return debuggee_.run_control(); }
  Machine& machine() { return debuggee_.machine(); }
  const GuestMemory& memory() { return machine().memory(); }
  bool is_wide() const { return core_class_ == dump::CoreClass::Elf64; }

  Result<> begin_file() {
    if (std::exchange(begun_, true)) return {};
    map_ = walk_.take_map();
    if (!is_wide()) dump::keep_32_bits(map_);
    return file_.write_headers({core_class_, dump::core_notes(cpus_, core_class_, kernel_.text()), map_.segments});
  }

  Debuggee& debuggee_;
  const std::string path_;
  const GuestHold hold_;
  const std::uint64_t resets_;
  const std::vector<dump::CpuImage> cpus_;
  const dump::CoreClass core_class_;
  dump::CoreWalk walk_;
  dump::VmcoreinfoSearch kernel_;
  dump::CoreFile file_;
  bool begun_ = false;
  dump::CoreMap map_;
};

Result<> write_dump(MonitorContext& context, Arguments arguments) {
  const bool paging = !arguments.empty() && arguments[0] == "-p";  // QEMU's option; it is always so here
  if (paging) arguments = arguments.subspan(1);
  if (arguments.size() != 1) return fail("usage: dump FILE");
  Debuggee& debuggee = context.debuggee;
  const auto read = [&view = debuggee.run_control().view()](Gpa from, std::span<std::uint8_t> out) {
    (void)view.read_physical(from, out);
  };
  const std::string path(arguments[0]);
  auto file = dump::CoreFile::beside(path, debuggee.machine().memory(), read);
  if (!file) return std::unexpected(file.error());
  const auto core = std::make_shared<CoreDump>(debuggee, path, std::move(*file));
  context.rest = [&debuggee, core](const Print& print) {
    return debuggee.run_control().held([&] { return core->more(print); });
  };
  return {};
}

}  // namespace

std::span<const MonitorCommand> dump_commands() {
  static constexpr MonitorCommand table[] = {
      {"dump", "FILE", "an ELF core of the guest, for gdb, crash and drgn", write_dump},
      {"dump-guest-memory", "[-p] FILE", "the same", write_dump},
  };
  return table;
}

}  // namespace gdbvm::monitor

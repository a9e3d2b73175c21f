// Any bytes in place of some of a recording's, with and without checksums that fit.
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/foreign_state.h"
#include "tests/support/fake/fake_vm.h"
#include "vmm/history/keyframes.h"
#include "vmm/history/recording_reader.h"
#include "vmm/history/recording_writer.h"

using namespace gdbvm;
using namespace gdbvm::history;

namespace {

struct World {
  KeyframePtr keyframe(bool at_start) {
    Keyframe taken = keyframes.take();
    taken.event = timeline.empty() || at_start ? timeline.next() : timeline.last();
    taken.at_start = at_start;
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  void write(std::uint64_t at) { (void)machine.memory().write({at}, std::array<std::uint8_t, 1>{1}); }

  FakeVm vm;
  Chipset chipset{1};
  Machine machine{vm, chipset, 64 << 10, boot::BootPlan{}};
  snapshot::MachineSnapshots snapshots{machine};
  Keyframes keyframes{machine, snapshots};
  Timeline timeline;
};

std::vector<std::byte> valid_file() {
  const Fd file(::memfd_create("recording", MFD_CLOEXEC));
  World world;
  RecordingWriter writer({Fd(::dup(file.get())), 0, [](int) { std::abort(); }}, world.machine, world.snapshots.ram());
  world.timeline.set_chronicler(&writer);
  for (std::uint64_t segment = 0; segment < 3; ++segment) {
    world.timeline.add({.start = world.keyframe(true), .meetings = {}});
    world.timeline.present().meetings = {{std::chrono::nanoseconds(segment), Meeting::Kind::Access}};
    world.write(segment * page_size + 1);
    if (segment == 1) world.timeline.present().end = world.keyframe(false);
  }
  writer.end(world.timeline, world.keyframe(false));
  std::vector<std::byte> all(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)));
  require(::pread(file.get(), all.data(), all.size(), 0) == static_cast<ssize_t>(all.size()));
  return all;
}

void fit_checksums(std::span<std::byte> bytes) {
  RecordHeader header;
  while (bytes.size() >= sizeof header) {
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.size > bytes.size() - sizeof header) return;
    header.checksum = checksum_of(header, bytes.subspan(sizeof header, header.size));
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes = bytes.subspan(sizeof header + header.size);
  }
}

// Each place that was read can be stood at.
void use(World& world, const KeyframePtr& present) {
  for (Event event = world.timeline.first(); event <= world.timeline.last(); ++event)
    world.keyframes.put_back(*world.timeline.at(event).start);
  world.keyframes.put_back(*present);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto valid = valid_file();
  Input input({bytes, size});
  auto file = valid;
  const bool fits = input.get<std::uint8_t>() % 4 != 0;
  const std::size_t cut = input.get<std::uint8_t>() % 8 ? 0 : input.get<std::uint16_t>() % file.size();
  put_in(file, input);
  file.resize(file.size() - cut);
  if (fits) fit_checksums(file);
  World world;
  KeyframePtr present;
  try {
    present = read_recording(file, world.machine, world.snapshots.ram(), world.timeline);
  } catch (const StateError&) {
    return 0;
  }
  use(world, present);
  return 0;
}

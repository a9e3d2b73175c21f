// A guest saved by one machine and gone on with by another.
#include "vmm/app/saved_guest.h"

#include <fcntl.h>

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>

#include "tests/support/fake/fake_vm.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/devices/recording_sink.h"
#include "vmm/app/doctor.h"
#include "vmm/app/recording.h"
#include "vmm/host/setup_error.h"
#include "vmm/machine/machine.h"
#include "vmm/machine/pc_board.h"
#include "vmm/machine/virtio_devices.h"
#include "vmm/snapshot/disk_states.h"
#include "vmm/snapshot/file_writer.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

constexpr std::uint64_t memory_size = 16 * page_size;

boot::BootPlan plan() {
  boot::BootPlan plan;
  plan.format = "64-bit ELF";
  plan.architecture = boot::GuestArchitecture::X86_64;
  plan.sliding_kernel = Gva{0xffffffff81000000};
  plan.system = x86::power_on::system(true);
  plan.general = x86::power_on::general();
  plan.general.rip = 0x1234;
  return plan;
}

struct TestMachine {
  explicit TestMachine(const GuestOptions& options, const boot::BootPlan& plan)
      : chipset(options.cpus),
        board(chipset, options.memory, {.com1 = sink, .com2 = sink}),
        machine(vm, chipset, options.memory, plan) {
    board.connect(machine);
    for (auto& device : virtio_devices(options.disks)) board.attach(std::move(device));
  }
  std::vector<std::byte> states() const {
    StateWriter writer;
    chipset.states.save(writer);
    return writer.bytes();
  }
  std::vector<std::byte> disks() const {
    StateWriter writer;
    snapshot::disk_states(chipset.disks).save(writer);
    return writer.bytes();
  }
  int byte(std::uint64_t at) { return std::to_integer<int>(*machine.memory().at({at}, 1)); }

  FakeVm vm;
  RecordingSink sink;
  Chipset chipset;
  PcBoard board;
  Machine machine;
};

struct SavedGuest : testing::Test {
  SavedGuest() {
    first.memory = memory_size;
    first.cpus = 2;
    first.image = "/images/kernel";
    first.disks = {{directory.write("disk", std::string(8192, 'd')), DiskMode::Snapshot},
                   {directory.write("second", std::string(512, 's')), DiskMode::ReadOnly}};
    given.restore = path;
  }
  // Of a guest that has changed its registers, its memory, a port and its disk.
  void save() {
    TestMachine machine(first, plan());
    for (const auto cpu : {0u, 1u}) machine.machine.vcpu({cpu}).set_events(x86::power_on::events());
    machine.machine.vcpu({1}).set_general({.rax = 77, .rip = 0x5555, .rflags = 2});
    *machine.machine.memory().at({5 * page_size}, 1) = std::byte{0x55};
    machine.board.com1().write(3, std::array<std::uint8_t, 1>{0x1b});
    const std::vector<std::uint8_t> sector(512, 'D');
    EXPECT_TRUE(machine.chipset.disks[0]->write(512, sector));
    states = machine.states();
    disks = machine.disks();
    const auto written = snapshot::write_file(
        path, machine.machine.memory(),
        {describe_guest(first, machine.machine.plan(), {{.function = 0, .ebx = 1}}), states, disks});
    ASSERT_TRUE(written) << written.error();
  }
  std::string refusal() {
    try {
      (void)options_of(open_snapshot(path), given);
      return "not refused";
    } catch (const SetupError& error) {
      return error.what();
    }
  }

  TemporaryDirectory directory;
  const std::string path = directory.path() + "/snapshot";
  GuestOptions first, given;
  std::vector<std::byte> states, disks;
};

TEST_F(SavedGuest, GoesOnAsItWas) {
  save();
  const auto saved = open_snapshot(path);
  const GuestOptions options = options_of(saved, given);
  EXPECT_EQ(options.memory, memory_size);
  EXPECT_EQ(options.cpus, 2u);
  EXPECT_EQ(options.image, "/images/kernel");
  EXPECT_EQ(options.disks, first.disks);
  const boot::BootPlan restored = plan_of(saved);
  EXPECT_EQ(restored.format, "64-bit ELF");
  EXPECT_EQ(restored.architecture, boot::GuestArchitecture::X86_64);
  EXPECT_EQ(restored.sliding_kernel, plan().sliding_kernel);
  EXPECT_EQ(restored.general.rip, 0x1234u);
  EXPECT_EQ(origin_of(saved), "a snapshot of /images/kernel, a 64-bit ELF, from 1970-01-01 00:00:00 UTC");

  TestMachine machine(options, restored);
  start_from(saved, machine.machine);
  EXPECT_EQ(machine.states(), states);
  EXPECT_EQ(machine.disks(), disks);
  EXPECT_EQ(machine.byte(5 * page_size), 0x55);
}

TEST_F(SavedGuest, AnImageThatIsNewerIsRemarkedOn) {
  save();
  const auto saved = open_snapshot(path);
  const std::string image = directory.write("kernel", "rebuilt");
  EXPECT_THAT(remark_of(saved, image),
              EndsWith("/kernel is newer than the snapshot: its symbols may be those of another "
                       "build"));
  const std::chrono::sys_seconds then = saved.description().time;
  std::filesystem::last_write_time(image, std::chrono::file_clock::from_sys(then));
  EXPECT_EQ(remark_of(saved, image), "");
  EXPECT_EQ(remark_of(saved, "/images/kernel"), "");
}

TEST_F(SavedGuest, AResetGoesBackThere) {
  save();
  const auto saved = open_snapshot(path);
  TestMachine machine(options_of(saved, given), plan_of(saved));
  start_from(saved, machine.machine);
  machine.machine.vcpu({1}).set_general({.rip = 1});
  *machine.machine.memory().at({5 * page_size}, 1) = std::byte{1};
  const std::vector<std::uint8_t> sector(512, 'X');
  EXPECT_TRUE(machine.chipset.disks[0]->write(0, sector));
  machine.machine.reset();
  EXPECT_EQ(machine.states(), states);
  EXPECT_EQ(machine.disks(), disks);
  EXPECT_EQ(machine.byte(5 * page_size), 0x55);
}

TEST_F(SavedGuest, ItsRomIsThereAgain) {
  GuestMemory memory(memory_size);
  memory.add_rom({0xfffff000}, page_size);
  const std::uint8_t value = 7;
  memory.write({0xfffffff0}, {&value, 1});
  ASSERT_TRUE(snapshot::write_file(path, memory, {}));
  const auto saved = open_snapshot(path);
  const boot::BootPlan restored = plan_of(saved);
  ASSERT_TRUE(restored.rom);
  EXPECT_EQ(restored.rom->start, Gpa{0xfffff000});
  EXPECT_EQ(restored.rom->bytes[0xff0], 7);
  EXPECT_EQ(options_of(saved, given).load.protocol, boot::Protocol::Firmware);
}

TEST_F(SavedGuest, ImageAndDisksMayHaveMoved) {
  save();
  given.image = "kernel.debug";
  given.disks = {{"a", DiskMode::ReadWrite}, {"b", DiskMode::ReadWrite}};
  const GuestOptions options = options_of(open_snapshot(path), given);
  EXPECT_EQ(options.image, "kernel.debug");
  EXPECT_THAT(options.disks, ElementsAre(Disk{"a", DiskMode::Snapshot}, Disk{"b", DiskMode::ReadOnly}));
}

TEST_F(SavedGuest, ADiskThatWasWrittenGoesOnInMemory) {
  first.disks[0].mode = DiskMode::ReadWrite;
  save();
  EXPECT_EQ(options_of(open_snapshot(path), given).disks[0].mode, DiskMode::Snapshot);
}

TEST_F(SavedGuest, OtherSizesAreRefused) {
  save();
  given.memory = memory_size;
  given.memory_given = given.cpus_given = true;
  given.cpus = 2;
  EXPECT_EQ(refusal(), "not refused");
  given.cpus = 1;
  EXPECT_EQ(refusal(), "--cpus says 1, but the machine in " + path + " has 2");
  given.memory = 32 << 20;
  EXPECT_EQ(refusal(), "--memory says 32 MiB, but the machine in " + path + " has 0 MiB");
  given = {};
  given.restore = path;
  given.disks = {{"a", DiskMode::ReadWrite}};
  EXPECT_EQ(refusal(), "the machine in " + path + " has 2 disks, and --disk is given for 1");
  directory.write("snapshot", "something");
  EXPECT_EQ(refusal(), path + " is not a snapshot that gdbvm wrote");
}

TEST_F(SavedGuest, ADiskThatHasChangedIsRefused) {
  save();
  directory.write("disk", std::string(8192, 'x'));
  const auto time = std::filesystem::last_write_time(first.disks[0].path);
  std::filesystem::last_write_time(first.disks[0].path, time + std::chrono::seconds(1));
  const auto saved = open_snapshot(path);
  TestMachine machine(options_of(saved, given), plan_of(saved));
  try {
    start_from(saved, machine.machine);
    FAIL() << "not refused";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), EndsWith("the disk's file has been changed since then"));
  }
}

struct RecordedGuest : SavedGuest {
  // As a recording begins that was made there.
  std::string refusal(const std::string& backend, const snapshot::FileKind& kind = snapshot::recording_file) {
    const Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    TestMachine machine(first, plan());
    snapshot::Description description = describe_guest(first, machine.machine.plan(), {});
    description.backend = backend;
    auto writer = snapshot::FileWriter::into(file.get(), path, machine.machine.memory(), kind);
    EXPECT_TRUE(writer.write_contents({description, states, disks}));
    EXPECT_TRUE(writer.more([] { return false; }));
    try {
      (void)open_recording(path);
      return "not refused";
    } catch (const SetupError& error) {
      return error.what();
    }
  }
};

TEST_F(RecordedGuest, IsReplayedOnTheSameBackEndAlone) {
  EXPECT_EQ(refusal(kvm_backend()), "not refused");
  EXPECT_EQ(refusal("kvm_s390"), path + " was recorded on a host with kvm_s390, and this one has " + kvm_backend() +
                                     ": the guest would not do the same here");
}

TEST_F(RecordedGuest, OtherFilesAreNone) {
  EXPECT_EQ(refusal(kvm_backend(), snapshot::snapshot_file), path + " is not a recording that gdbvm wrote");
  snapshot::FileKind newer = snapshot::recording_file;
  ++newer.version;
  EXPECT_EQ(refusal(kvm_backend(), newer),
            path + " is a recording of format 2, and this gdbvm knows format 1: a newer gdbvm replays it");
}

}  // namespace
}  // namespace gdbvm

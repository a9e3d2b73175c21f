// A small machine's RAM and description, and a file to save it in.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"
#include "vmm/snapshot/file_writer.h"
#include "vmm/snapshot/saved_machine.h"

namespace gdbvm::snapshot {

inline Description some_description() {
  return {.name = "booted",
          .time = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)),
          .cpus = 3,
          .cpuid = {{.function = 0, .eax = 0xd}, {.function = 7, .index = 0, .flags = 1, .ebx = 5}},
          .backend = "kvm_test",
          .disks = {{"/images/root", DiskMode::Snapshot}, {"/images/swap", DiskMode::ReadWrite}},
          .image = "/images/vmlinux",
          .format = "64-bit ELF",
          .architecture = boot::GuestArchitecture::X86_64,
          .sliding_kernel = Gva{0xffffffff81000000},
          .entry = Gva{0x1000000}};
}

struct SnapshotRig {
  static constexpr std::uint64_t pages = 16;
  static constexpr Gpa rom{0xfffff000};

  TemporaryDirectory directory;
  const std::string path = directory.path() + "/snapshot";
  GuestMemory memory{pages * page_size};
  const std::vector<std::byte> states{std::byte{1}, std::byte{2}, std::byte{3}}, disks{std::byte{4}};

  static void fill(GuestMemory& memory, Gpa at, std::uint8_t value) {
    const std::vector<std::uint8_t> bytes(page_size, value);
    if (!memory.write(at, bytes)) throw std::out_of_range("no such page");
  }
  static int byte(const GuestMemory& memory, std::uint64_t at) { return std::to_integer<int>(*memory.at({at}, 1)); }

  // Pages 2 and 9 and a ROM.
  void use_memory() {
    fill(memory, {2 * page_size}, 0x22);
    fill(memory, {9 * page_size}, 0x99);
    memory.add_rom(rom, page_size);
    fill(memory, rom, 0x77);
  }
  std::string write() {
    const auto written = write_file(path, memory, {some_description(), states, disks});
    return written ? "" : written.error();
  }
  // The sentence without the path at its beginning; empty: it is valid.
  std::string refusal() const {
    const auto saved = SavedMachine::open(path);
    if (saved) return "";
    return saved.error().starts_with(path + " ") ? saved.error().substr(path.size() + 1) : saved.error();
  }
};

}  // namespace gdbvm::snapshot

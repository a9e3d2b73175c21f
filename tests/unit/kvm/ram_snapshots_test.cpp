// Images of RAM whose pages the guest writes under the real KVM.
#include "vmm/snapshot/ram_snapshots.h"

#include <random>

#include "tests/support/page_tables.h"
#include "tests/unit/kvm/tiny_vm.h"
#include "vmm/debug/guest/software_breakpoints.h"

namespace gdbvm::kvm {
namespace {

using snapshot::RamImage;
using snapshot::RamSnapshots;

class RamSnapshotsUnderKvm : public TinyVm {
 protected:
  void SetUp() override {
    TinyVm::SetUp();
    if (IsSkipped()) return;
    snapshots = std::make_unique<RamSnapshots>(memory, *slots, *vm);
    load({0x8e, 0xd9,    // again: mov ds, cx
          0x88, 0x07,    // mov [bx], al
          0xe6, 0x10,    // out 0x10, al
          0xeb, 0xf8});  // jmp again
  }
  // The guest does.
  void write(std::uint64_t address, std::uint8_t value) {
    auto registers = vcpu->general();
    registers.rax = value;
    registers.rcx = address >> 4 & 0xf000;
    registers.rbx = address & 0xffff;
    vcpu->set_general(registers);
    for (;;) {
      const Exit exit = run();
      if (std::holds_alternative<exits::Io>(exit)) return;
      ASSERT_TRUE(std::holds_alternative<exits::Mmio>(exit)) << "a page that is not there";
    }
  }
  std::vector<std::uint8_t> contents() const {
    std::vector<std::uint8_t> bytes(memory.size());
    memory.read_own({0}, bytes);
    return bytes;
  }

  std::unique_ptr<RamSnapshots> snapshots;
};

TEST_F(RamSnapshotsUnderKvm, AreWhatRamWas) {
  struct Taken {
    RamImage image;
    std::vector<std::uint8_t> plain;
  };
  std::vector<Taken> taken;
  SoftwareBreakpoints planted(memory);
  std::mt19937 random(1);
  const auto data = [&] { return 0x10000 + random() % 0x80000; };
  for (int round = 0; round < 400; ++round) {
    for (unsigned i = random() % 10; i > 0; --i) {
      const std::uint64_t at = data();
      if (planted.planted({at})) continue;
      ASSERT_NO_FATAL_FAILURE(write(at, static_cast<std::uint8_t>(random())));
    }
    if (random() % 4 == 0 && planted.bytes().size() < 10) planted.plant({data()});
    if (random() % 4 == 0) {
      std::vector<ProtectedRange> ranges(random() % 3);
      for (auto& range : ranges) range = {{data()}, 0x3000, random() % 2 ? PageAccess::ReadOnly : PageAccess::Absent};
      ASSERT_TRUE(slots->protect(ranges));
      slots->apply(*vm);
    }
    if (taken.empty() || random() % 4 == 0) taken.push_back({snapshots->take(), contents()});
    if (taken.size() > 5) taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(random() % taken.size()));
    const Taken& one = taken[random() % taken.size()];
    if (random() % 2) continue;
    snapshots->put_back(one.image);
    ASSERT_TRUE(contents() == one.plain) << "round " << round;
  }
}

// Code at CPL 3, which KVM may run by page tables of its own, sees the tables that were put back.
class UserCodeUnderKvm : public TinyVm {
 protected:
  static constexpr std::uint64_t tables = 0x20000, page = 0x80000, other_page = 0x81000, change_start = 0x1100;
  static constexpr std::uint64_t flags = page_entry::all | page_entry::accessed | page_entry::dirty;

  void SetUp() override {
    TinyVm::SetUp();
    if (IsSkipped()) return;
    memory.write({code_start}, {{0x8a, 0x04, 0x25, 0x00, 0x00, 0x08, 0x00,          // mov al, [page]
                                 0xe6, 0x10}});                                     // out 0x10, al
    memory.write({change_start}, {{0x48, 0x89, 0x0b,                                // mov [rbx], rcx
                                   0x0f, 0x01, 0x3c, 0x25, 0x00, 0x00, 0x08, 0x00,  // invlpg [page]
                                   0xe6, 0x11}});                                   // out 0x11, al
    memory.write({page}, {{1}});
    memory.write({other_page}, {{2}});
    PageTableBuilder builder(memory, tables);
    for (std::uint64_t at = 0; at < memory.size(); at += page_size) builder.map(at, at, PageTableBuilder::Pt, flags);
    entry = builder.entry_at(page, PageTableBuilder::Pt);
  }
  void run_at(std::uint64_t start, std::uint8_t cpl, std::uint64_t rcx = 0) {
    (void)vcpu->complete();
    x86::SystemRegisters s = vcpu->system();
    s.cr0 |= x86::cr0::pe | x86::cr0::pg;
    s.cr3 = tables;
    s.cr4 |= x86::cr4::pae;
    s.efer |= x86::efer::lme | x86::efer::lma;
    s.cs = x86::flat_code64();
    s.ss = x86::flat_data();
    for (auto* segment : {&s.cs, &s.ss}) {
      segment->dpl = cpl;
      segment->selector = static_cast<std::uint16_t>((segment->selector & ~3) | cpl);
    }
    ASSERT_TRUE(vcpu->set_system(s));
    constexpr std::uint64_t may_do_io = 3 << 12;
    vcpu->set_general({.rbx = entry, .rcx = rcx, .rip = start, .rflags = x86::rflags::fixed | may_do_io});
    ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
  }
  std::uint8_t byte_seen() {
    run_at(code_start, 3);
    return static_cast<std::uint8_t>(vcpu->general().rax);
  }

  std::uint64_t entry = 0;
};

TEST_F(UserCodeUnderKvm, SeesThePageTablesOfTheImage) {
  RamSnapshots snapshots(memory, *slots, *vm);
  EXPECT_EQ(byte_seen(), 1);
  const RamImage image = snapshots.take();
  run_at(change_start, 0, other_page | flags);
  EXPECT_EQ(byte_seen(), 2);
  snapshots.put_back(image);
  EXPECT_EQ(byte_seen(), 1);
}

}  // namespace
}  // namespace gdbvm::kvm

// Which pages the guest wrote, asked of the real KVM, with slots that change meanwhile.
#include <gmock/gmock.h>

#include "tests/unit/kvm/tiny_vm.h"
#include "vmm/memory/page_set.h"

namespace gdbvm::kvm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DirtyPages : public TinyVm {
 protected:
  void SetUp() override {
    TinyVm::SetUp();
    if (IsSkipped()) return;
    slots->track_writes(*vm, true);
    load({0x8e, 0xd9,    // again: mov ds, cx
          0xfe, 0x07,    // inc byte [bx]
          0xe6, 0x10,    // out 0x10, al
          0xeb, 0xf8});  // jmp again
    forget();
  }
  // The guest writes a byte there.
  void write(std::uint64_t address) {
    auto registers = vcpu->general();
    registers.rcx = address >> 4 & 0xf000;
    registers.rbx = address & 0xffff;
    vcpu->set_general(registers);
    const auto before = *memory.at({address}, 1);
    ASSERT_TRUE(std::holds_alternative<exits::Io>(run()));
    ASSERT_NE(*memory.at({address}, 1), before);
  }
  std::vector<std::uint64_t> written() {
    slots->collect_written(*vm);
    std::vector<std::uint64_t> numbers;
    memory.written()->each([&](std::uint64_t number) { numbers.push_back(number); });
    memory.written()->clear();
    return numbers;
  }
  void forget() { (void)written(); }
  void protect(std::vector<ProtectedRange> ranges) {
    ASSERT_TRUE(slots->protect(ranges));
    slots->apply(*vm);
  }
};

TEST_F(DirtyPages, AreThoseWrittenSinceTheLastTime) {
  write(0x23000);
  write(0x9ffff);
  write(0x23004);
  EXPECT_THAT(written(), ElementsAre(0x23, 0x9f));
  EXPECT_THAT(written(), IsEmpty());
  write(0x23000);
  EXPECT_THAT(written(), ElementsAre(0x23)) << "again";
}

TEST_F(DirtyPages, StayKnownWhenSlotsAreCutAndJoined) {
  write(0x23000);
  protect({{{0x40000}, page_size, PageAccess::ReadOnly}, {{0x60000}, page_size, PageAccess::Absent}});
  write(0x3f000);
  write(0x70000);
  protect({});
  write(0x40000);
  EXPECT_THAT(written(), ElementsAre(0x23, 0x3f, 0x40, 0x70));
}

TEST_F(DirtyPages, AreKeptNoLongerThanWanted) {
  write(0x23000);
  slots->track_writes(*vm, false);
  write(0x24000);
  slots->track_writes(*vm, true);
  write(0x25000);
  EXPECT_THAT(written(), ElementsAre(0x25));
}

TEST_F(DirtyPages, TheHostsWritesAreNotTheGuests) {
  *memory.at({0x50000}, 1) = std::byte{1};
  EXPECT_THAT(written(), IsEmpty());
}

}  // namespace
}  // namespace gdbvm::kvm

// Which instructions are not left to KVM's emulation of a guarded page.
#include "vmm/debug/stepping/guarded_access.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::WatchKind;

struct GuardedRig : ArmedRig {
  explicit GuardedRig(std::uint64_t watched = data) : ArmedRig(kvm_pvm()) {
    (void)set_watch(WatchKind::Access, watched, 4);
    arm();
    cpu().general_registers.rbx = data + 0x100;
    cpu().general_registers.rcx = 4;
    cpu().general_registers.rsi = cpu().general_registers.rdi = data + 0x200;
  }
  bool needs(std::initializer_list<std::uint8_t> instruction) {
    place(code, instruction);
    return needs_open_pages(cpu(), view, armed.guards());
  }
};

TEST(GuardedAccess, OnePlainAccessIsLeftToKvm) {
  GuardedRig s;
  EXPECT_FALSE(s.needs({0x48, 0x89, 0x03}));  // mov [rbx], rax
  EXPECT_FALSE(s.needs({0xff, 0x03}));        // inc dword [rbx]
  EXPECT_FALSE(s.needs({0xf3, 0xaa}));        // rep stosb
}

TEST(GuardedAccess, SeveralOrALongOneAreNot) {
  GuardedRig s;
  EXPECT_TRUE(s.needs({0xa6}));                    // cmpsb
  EXPECT_TRUE(s.needs({0x0f, 0x01, 0x03}));        // sgdt [rbx]
  EXPECT_TRUE(s.needs({0x0f, 0xae, 0x03}));        // fxsave [rbx]
  s.cpu().general_registers.rbx = s.data + 0xffe;  // into the next page
  EXPECT_TRUE(s.needs({0x89, 0x03}));
}

TEST(GuardedAccess, AnotherPageIsNoMatter) {
  GuardedRig s;
  s.cpu().general_registers.rbx = s.data + 0x2000;
  EXPECT_FALSE(s.needs({0x0f, 0x01, 0x03}));  // sgdt [rbx]
}

TEST(GuardedAccess, DescriptorTablesAndStacksOfTheCpuAre) {
  GuardedRig gdt(GuardedRig::gdt + 0x800), stack(GuardedRig::stack - 0x800);
  for (GuardedRig* s : {&gdt, &stack}) {
    EXPECT_TRUE(s->needs({0x48, 0xcf}));  // iretq
    EXPECT_TRUE(s->needs({0x8e, 0xd8}));  // mov ds, eax
    EXPECT_FALSE(s->needs({0x90}));
  }
}

TEST(GuardedAccess, OnlyOutsideLongModePushesAreLost) {
  GuardedRig s(GuardedRig::stack - 0x800);
  EXPECT_FALSE(may_lose_pushes(s.cpu(), s.view, s.armed.guards()));
  s.cpu().system_registers.cs.l = 0;
  EXPECT_TRUE(may_lose_pushes(s.cpu(), s.view, s.armed.guards()));
  s.cpu().general_registers.rsp -= 0x3000;
  EXPECT_FALSE(may_lose_pushes(s.cpu(), s.view, s.armed.guards()));
}

}  // namespace
}  // namespace gdbvm

// --trace kvm: the chain of calls in order, one readable line each.
#include "vmm/kvm/trace.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/kvm/tiny_vm.h"
#include "vmm/kvm/trace_arguments.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {
namespace {

TEST(TraceArguments, Structures) {
  kvm_userspace_memory_region region{};
  region.slot = 3;
  region.flags = KVM_MEM_READONLY;
  region.guest_phys_addr = 0x2000;
  region.memory_size = 0x1000;
  const TracedCall call = describe_call(KVM_SET_USER_MEMORY_REGION, reinterpret_cast<unsigned long>(&region));
  EXPECT_EQ(call.name, "KVM_SET_USER_MEMORY_REGION");
  EXPECT_EQ(call.arguments, "slot=3 flags=READONLY gpa=0x2000 size=0x1000 host=0x0");
  region.flags |= KVM_MEM_LOG_DIRTY_PAGES;
  EXPECT_NE(describe_call(KVM_SET_USER_MEMORY_REGION, reinterpret_cast<unsigned long>(&region))
                .arguments.find("flags=READONLY|LOG_DIRTY_PAGES "),
            std::string::npos);
  kvm_guest_debug debug{};
  debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP;
  EXPECT_EQ(describe_call(KVM_SET_GUEST_DEBUG, reinterpret_cast<unsigned long>(&debug)).arguments, "ENABLE|SINGLESTEP");
  EXPECT_EQ(describe_call(KVM_CHECK_EXTENSION, KVM_CAP_SYNC_REGS).arguments, "KVM_CAP_SYNC_REGS");
  EXPECT_EQ(describe_call(0x1234, 5).name, "ioctl 0x1234");
}

class TracedVm : public TinyVm {
 protected:
  TracedVm() {
    trace = std::make_unique<KvmTrace>([this](std::string_view line) { lines.emplace_back(line); });
  }
  std::size_t count(std::string_view call) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(lines, [&](const std::string& line) { return line.find(call) != std::string::npos; }));
  }
  std::vector<std::string> lines;
};

TEST_F(TracedVm, ShowsTheWholeChainInOrder) {
  const GuestMemory observed(1 << 20, trace->host_calls());
  load({0xb0, 0x41, 0xe6, 0xe9, 0xf4});
  (void)run();
  const char* chain[] = {"kvm system  KVM_GET_API_VERSION() = 12",
                         "kvm system  KVM_CHECK_EXTENSION(KVM_CAP_USER_MEMORY) = ",
                         "kvm system  KVM_CREATE_VM(0) = fd ",
                         "kvm vm      KVM_SET_TSS_ADDR(0xfeffd000) = 0",
                         "kvm vm      KVM_SET_USER_MEMORY_REGION(slot=0 flags=0 gpa=0x0 size=0x100000 host=0x",
                         "kvm vm      KVM_CREATE_VCPU(0) = fd ",
                         "kvm system  KVM_GET_VCPU_MMAP_SIZE() = ",
                         "kvm vcpu 0  mmap(kvm_run, size=",
                         "kvm system  KVM_GET_SUPPORTED_CPUID(",
                         "kvm vcpu 0  KVM_SET_CPUID2(",
                         "kvm host    mmap(guest RAM, size=0x100000",
                         "kvm host    madvise(",
                         "kvm vcpu 0  KVM_GET_SREGS(cr0=",
                         "kvm vcpu 0  KVM_SET_SREGS(cr0=",
                         "kvm vcpu 0  KVM_SET_REGS(rip=0x1000",
                         "kvm vcpu 0  KVM_RUN() = io out port=0xe9 size=1 count=1 bytes=41 rip=0x100"};
  std::size_t at = 0;
  for (const char* expected : chain) {
    while (at < lines.size() && lines[at].rfind(expected, 0) != 0) ++at;
    ASSERT_LT(at, lines.size()) << "not found in order: " << expected;
    ++at;
  }
}

TEST_F(TracedVm, GuestDebugIsSentWhenItChangedAndBeforeEachStep) {
  load({0x40, 0x40, 0x40, 0xe6, 0x10, 0xe6, 0x11, 0xe6, 0x12});
  vcpu->set_guest_debug({.single_step = true});
  (void)run();
  (void)run();
  EXPECT_EQ(count("KVM_SET_GUEST_DEBUG(ENABLE|SINGLESTEP)"), 2u);
  lines.clear();
  vcpu->set_guest_debug({.trap_int3 = true});
  (void)run();
  (void)run();
  vcpu->set_guest_debug({.trap_int3 = true});
  (void)run();
  EXPECT_EQ(count("KVM_SET_GUEST_DEBUG("), 1u);
}

TEST_F(TracedVm, RegistersAreInPlaceBeforeAStepIsAnnounced) {
  load({0x40, 0x90, 0x90, 0x43});
  vcpu->set_guest_debug({.single_step = true});
  (void)run();
  auto registers = vcpu->general();
  registers.rip += 2;
  vcpu->set_general(registers);
  lines.clear();
  (void)run();
  ASSERT_GE(lines.size(), 3u);
  EXPECT_EQ(lines[0].rfind("kvm vcpu 0  KVM_SET_REGS(rip=0x1003", 0), 0u) << lines[0];
  EXPECT_EQ(lines[1].rfind("kvm vcpu 0  KVM_SET_GUEST_DEBUG(", 0), 0u) << lines[1];
}

TEST_F(TracedVm, AStopCostsNoFurtherCall) {
  load({0xe6, 0x10, 0xe6, 0x11, 0xf4});
  (void)run();
  if (!system->has(Capability::SyncRegs)) GTEST_SKIP() << "NO KVM_CAP_SYNC_REGS HERE";
  lines.clear();
  (void)vcpu->general();
  (void)vcpu->system();
  (void)vcpu->events();
  EXPECT_TRUE(lines.empty()) << lines.front();
}

}  // namespace
}  // namespace gdbvm::kvm

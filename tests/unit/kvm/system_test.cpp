// The sentences for hosts that cannot run guests.
#include "vmm/kvm/system.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "tests/unit/kvm/usable_kvm.h"

namespace gdbvm::kvm {
namespace {

std::string problem_of(const std::string& device) {
  try {
    const System system(nullptr, device);
  } catch (const SetupError& error) {
    return error.what();
  }
  return "";
}

TEST(System, AbsentDeviceNamesTheModules) {
  EXPECT_NE(
      problem_of("/nonexistent/kvm").find("/nonexistent/kvm does not exist: load the kvm_intel or kvm_amd module"),
      std::string::npos);
}

TEST(System, MissingPermissionNamesTheGroup) {
  EXPECT_EQ(explain_open_failure("/dev/kvm", EACCES),
            "no permission to open /dev/kvm: add the user to the group that owns it (usually kvm), and log in again; "
            "tools/testbed runs gdbvm without it, in an emulator");
}

TEST(System, DeviceThatIsNotKvm) {
  EXPECT_EQ(
      problem_of("/dev/null"),
      "the device is not KVM (KVM_GET_API_VERSION fails): use a real /dev/kvm; tools/testbed runs gdbvm without it, "
      "in an emulator");
}

TEST(System, OnlyVersionTwelveWillDo) {
  EXPECT_FALSE(explain_api_version(12).has_value());
  EXPECT_EQ(explain_api_version(11).value_or(""), "KVM API version 11 where 12 is needed: run Linux 2.6.22 or newer");
}

TEST(System, AnswersOnThisHost) {
  if (!usable_kvm()) GTEST_SKIP() << no_kvm;
  System system;
  EXPECT_TRUE(system.has(Capability::UserMemory));
  EXPECT_GE(system.max_vcpus(), 1u);
  EXPECT_NE(x86::find(system.supported_cpuid(), 0), nullptr);
  EXPECT_NE(x86::find(system.supported_cpuid(), 0x40000000), nullptr);
  EXPECT_GT(system.msr_index_list().size(), 5u);
  EXPECT_GE(system.vcpu_mmap_size(), 4096u);
}

}  // namespace
}  // namespace gdbvm::kvm

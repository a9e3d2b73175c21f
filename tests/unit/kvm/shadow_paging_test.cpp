// What the parameters of KVM's modules say of the guest's page tables.
#include "vmm/kvm/shadow_paging.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace gdbvm::kvm {
namespace {

class ShadowPaging : public ::testing::Test {
 protected:
  void set(const std::string& module, const std::string& parameter, const std::string& value) {
    std::filesystem::create_directories(directory.path() + "/" + module + "/parameters");
    directory.write(module + "/parameters/" + parameter, value);
  }
  bool has() const { return has_shadow_paging(directory.path()); }
  TemporaryDirectory directory;
};

TEST_F(ShadowPaging, IsWhatOtherModulesHave) { EXPECT_TRUE(has()); }

TEST_F(ShadowPaging, IsNotNeededWithEpt) {
  set("kvm_intel", "ept", "N\n");
  EXPECT_TRUE(has());
  set("kvm_intel", "ept", "Y\n");
  EXPECT_FALSE(has());
}

TEST_F(ShadowPaging, IsNotNeededWithNpt) {
  set("kvm_amd", "npt", "0\n");
  EXPECT_TRUE(has());
  set("kvm_amd", "npt", "1\n");
  EXPECT_FALSE(has());
}

}  // namespace
}  // namespace gdbvm::kvm

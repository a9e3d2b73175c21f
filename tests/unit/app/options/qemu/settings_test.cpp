// Settings between commas.
#include "vmm/app/options/qemu/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm::qemu {
namespace {

using testing::ElementsAre;

std::string text_of(const std::vector<Setting>& settings) {
  std::string text;
  for (const auto& [key, value] : settings) text += key + ": " + value + "; ";
  return text;
}

TEST(QemuSettings, KeysAndValues) {
  EXPECT_EQ(text_of(settings_of("file=a,index=1")), "file: a; index: 1; ");
  EXPECT_EQ(text_of(settings_of("order=", "order")), "order: ; ");
  EXPECT_EQ(text_of(settings_of("a=b=c")), "a: b=c; ");
}

TEST(QemuSettings, TheFirstMayGoWithoutItsKey) {
  EXPECT_EQ(text_of(settings_of("4,cores=2", "cpus")), "cpus: 4; cores: 2; ");
  EXPECT_EQ(text_of(settings_of("cores=2,4", "cpus")), "cores: 2; 4: on; ");
}

TEST(QemuSettings, AWordAloneIsAFlag) {
  EXPECT_EQ(text_of(settings_of("path,server,nowait", "path")), "path: path; server: on; nowait: on; ");
}

TEST(QemuSettings, ADoubledCommaIsText) {
  EXPECT_EQ(text_of(settings_of("file=a,,b,,,index=1")), "file: a,b,; index: 1; ");
  EXPECT_THAT(split_at_commas("a,,b,c,"), ElementsAre("a,b", "c", ""));
}

}  // namespace
}  // namespace gdbvm::qemu

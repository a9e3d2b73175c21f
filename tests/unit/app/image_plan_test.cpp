// The result of the guest options: the image and its modules, read from files.
#include "vmm/app/image_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/boot/plan_reader.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {
namespace {

using boot::PlanReader;
using boot::words;
using testing::HasSubstr;

constexpr std::uint32_t load_address = 0x200000;

// A multiboot 1 kernel whose header says where its few bytes go.
std::string multiboot_kernel() {
  constexpr std::uint32_t magic = 0x1badb002, has_addresses = 1u << 16;
  return words({magic, has_addresses, 0u - (magic + has_addresses), load_address, load_address, 0, 0,
                load_address + 32}) +
         "code";
}

class ImagePlan : public testing::Test {
 protected:
  ImagePlan() {
    std::string name = testing::TempDir() + "gdbvm-image-XXXXXX";
    directory_ = ::mkdtemp(name.data());
    options.image = file("kernel", multiboot_kernel());
    options.load.name = options.image;
  }
  ~ImagePlan() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& contents) const {
    std::ofstream(directory_ / name, std::ios::binary) << contents;
    return directory_ / name;
  }
  std::string path(const std::string& name) const { return directory_ / name; }
  // The command line and the contents of the only module, by the multiboot information structure.
  static std::pair<std::string, std::string> module_of(const boot::BootPlan& plan) {
    const PlanReader memory(plan);
    const std::uint64_t information = plan.general.rbx, list = memory.u32(information + 24);
    EXPECT_EQ(memory.u32(information + 20), 1u);
    const std::uint32_t start = memory.u32(list), end = memory.u32(list + 4);
    return {memory.string(memory.u32(list + 8)), memory.bytes(start, end - start)};
  }
  std::string refusal() const {
    try {
      plan_image(options, 1);
      return "not refused";
    } catch (const SetupError& error) {
      return error.what();
    }
  }

  GuestOptions options;

 private:
  std::filesystem::path directory_;
};

TEST_F(ImagePlan, ReadsTheImage) {
  const boot::BootPlan plan = plan_image(options, 1);
  EXPECT_EQ(PlanReader(plan).bytes(load_address + 32, 4), "code");
  EXPECT_THAT(plan.format, HasSubstr("multiboot"));
}

TEST_F(ImagePlan, AModuleWithArguments) {
  const std::string module = file("module", "contents");
  options.initrds = {module + " x=1 y"};
  EXPECT_EQ(module_of(plan_image(options, 1)), std::pair(module + " x=1 y", std::string("contents")));
}

TEST_F(ImagePlan, AModuleWhoseNameHasASpace) {
  options.initrds = {file("a module", "contents")};
  EXPECT_EQ(module_of(plan_image(options, 1)).second, "contents");
}

TEST_F(ImagePlan, AModulesArgumentsMayBeLongerThanAFilesName) {
  const std::string text = file("module", "contents") + " " + std::string(5000, 'x');
  options.initrds = {text};
  EXPECT_EQ(module_of(plan_image(options, 1)), std::pair(text, std::string("contents")));
}

TEST_F(ImagePlan, TellsTheKernelOfMemoryAndCommandLine) {
  options.memory = 64 << 20;
  options.load.command_line = "quiet";
  const boot::BootPlan plan = plan_image(options, 1);
  const PlanReader memory(plan);
  EXPECT_EQ(memory.u32(plan.general.rbx + 8), (64u << 10) - 1024);  // mem_upper, in KiB
  EXPECT_THAT(memory.string(memory.u32(plan.general.rbx + 16)), HasSubstr("quiet"));
}

TEST_F(ImagePlan, WhatCannotBeRead) {
  options.initrds = {path("absent") + " x"};
  EXPECT_THAT(refusal(), HasSubstr("absent: No such file"));
  options.image = path("no kernel");
  EXPECT_THAT(refusal(), HasSubstr("no kernel: No such file"));
}

TEST_F(ImagePlan, WhatCannotBeBooted) {
  options.load.protocol = boot::Protocol::Elf;
  EXPECT_NE(refusal(), "not refused");
}

}  // namespace
}  // namespace gdbvm

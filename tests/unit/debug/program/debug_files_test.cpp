// Which file is served to a debugger, for each kind of image and of symbols.
#include "vmm/debug/program/debug_files.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/boot/elf_maker.h"
#include "vmm/host/setup_error.h"
#include "vmm/symbols/elf_program.h"

namespace gdbvm {
namespace {

using boot::GuestArchitecture;
using testing::HasSubstr;

constexpr std::uint64_t linked = 0xffffffff81000000;

struct DebugFilesTest : testing::Test {
  TemporaryDirectory directory;
  boot::BootPlan plan;

  DebugFilesTest() { plan.architecture = GuestArchitecture::I386; }

  template <class Format = boot::MadeElf64>
  std::string elf(const std::string& name) {
    boot::ElfMaker<Format> maker(0x1000);
    maker.add(0x1000000, linked, "code");
    return directory.write(name, maker.bytes());
  }
  std::string refusal(const std::string& image, const std::string& symbols) {
    try {
      DebugFiles(image, symbols, plan);
    } catch (const SetupError& error) {
      return error.what();
    }
    return "";
  }
};

// The file as gdb would fetch it.
std::vector<std::uint8_t> contents(const gdbstub::ServedFile& file) { return read_whole(file.host_path); }

std::map<std::string, std::uint64_t, std::less<>> symbols_of(const gdbstub::ServedFile& file,
                                                             std::span<const char* const> names) {
  const auto bytes = contents(file);
  return symbols::find_symbols(
      [&](std::uint64_t offset, std::span<std::uint8_t> out) {
        if (offset > bytes.size() || out.size() > bytes.size() - offset) return false;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        return true;
      },
      names);
}

TEST_F(DebugFilesTest, AnElfImageIsServedItself) {
  const std::string image = elf("kernel.elf");
  const DebugFiles files(image, "", plan);
  ASSERT_TRUE(files.program());
  EXPECT_EQ(files.program()->name, image);
  EXPECT_EQ(files.program()->host_path, image);
  EXPECT_FALSE(files.sliding_kernel());
}

TEST_F(DebugFilesTest, AnImageWithoutSymbolsIsNotServed) {
  const DebugFiles files(directory.write("boot.bin", "\xfa\xf4"), "", plan);
  EXPECT_FALSE(files.program());
  EXPECT_EQ(files.architecture(), std::nullopt);
  EXPECT_TRUE(files.module_places().empty());
}

TEST_F(DebugFilesTest, SymbolsInAFileOfTheirOwnAreServedInPlaceOfTheImage) {
  const std::string symbols = elf("with_symbols.elf");
  const DebugFiles files(elf("stripped.elf"), symbols, plan);
  EXPECT_EQ(files.program()->host_path, symbols);
}

TEST_F(DebugFilesTest, TheDescriptionIsAsWideAsTheSymbols) {
  const std::string narrow = elf<boot::MadeElf32>("narrow.elf"), wide = elf("wide.elf");
  EXPECT_EQ(DebugFiles(narrow, "", plan).architecture(), GuestArchitecture::I386);
  EXPECT_EQ(DebugFiles(narrow, wide, plan).architecture(), GuestArchitecture::X86_64);
  plan.architecture = GuestArchitecture::X86_64;
  EXPECT_EQ(DebugFiles(narrow, "", plan).architecture(), GuestArchitecture::X86_64);
}

TEST_F(DebugFilesTest, A64BitKernelInA32BitFileIsShownWithoutItsSymbols) {
  boot::ElfMaker<boot::MadeElf32> maker(0x1000);
  std::string code;
  for (int i = 0; i < 40; ++i) code += "\x48\x89\xe5\x90";
  maker.add(0x1000, 0x1000, code).p_flags = PF_R | PF_X;
  const std::string image = directory.write("container.elf", maker.bytes());
  const DebugFiles files(image, "", plan);
  EXPECT_EQ(files.architecture(), GuestArchitecture::X86_64);
  EXPECT_FALSE(files.program());
  EXPECT_THAT(std::string(files.remark()), HasSubstr("name that with --symbols"));
  const DebugFiles named(image, elf("wide.elf"), plan);
  EXPECT_TRUE(named.program());
  EXPECT_EQ(named.remark(), "");
}

TEST_F(DebugFilesTest, AListOfSymbolsIsMadeIntoAFile) {
  const std::string map = directory.write("System.map", "ffffffff81000000 T _text\nffffffff81000040 t helper\n");
  const DebugFiles files(directory.write("bzImage", "HdrS"), map, plan);
  ASSERT_TRUE(files.program());
  EXPECT_EQ(files.program()->name, map);
  constexpr std::array names{"_text", "helper"};
  EXPECT_THAT(symbols_of(*files.program(), names),
              testing::ElementsAre(std::pair("_text", linked), std::pair("helper", linked + 0x40)));
  EXPECT_EQ(files.code_symbols().at(linked + 0x42), (symbols::CodeSymbols::Place{"helper", 2}));
}

TEST_F(DebugFilesTest, AListOfARunningKernelIsMovedBack) {
  plan.architecture = GuestArchitecture::X86_64;
  plan.sliding_kernel = Gva{linked};
  const std::string map = directory.write("kallsyms",
                                          "ffffffff9f000000 T _text\nffffffff9f000040 D modules\n"
                                          "0000000000001000 A an_absolute_one\n");
  const DebugFiles files(directory.write("bzImage", "HdrS"), map, plan);
  ASSERT_TRUE(files.sliding_kernel());
  EXPECT_EQ(files.sliding_kernel()->file.name, map);
  EXPECT_EQ(files.sliding_kernel()->first_segment.value, linked);
  EXPECT_THAT(files.module_places(), testing::ElementsAre(std::pair("modules", linked + 0x40)));
  EXPECT_EQ(files.code_symbols().at(linked + 0x12), (symbols::CodeSymbols::Place{"_text", 0x12}));
  constexpr std::array names{"_text", "an_absolute_one"};
  EXPECT_THAT(symbols_of(files.sliding_kernel()->file, names),
              testing::ElementsAre(std::pair("_text", linked), std::pair("an_absolute_one", 0x1000u)));
}

TEST_F(DebugFilesTest, TheProgramOfAKernelThatMaySlideHasNoSymbols) {
  plan.architecture = GuestArchitecture::X86_64;
  plan.sliding_kernel = Gva{linked};
  const std::string image = directory.write("bzImage", "HdrS"), vmlinux = elf("vmlinux");
  const DebugFiles files(image, vmlinux, plan);
  EXPECT_EQ(files.program()->name, image);
  EXPECT_NE(contents(*files.program()), read_whole(vmlinux));
  EXPECT_EQ(files.sliding_kernel()->file.host_path, vmlinux);
}

TEST_F(DebugFilesTest, OfSymbolsWithOneNameTheGlobalOneCounts) {
  const std::string map = directory.write("System.map",
                                          "ffffffff81000010 d modules\nffffffff81000020 D modules\n"
                                          "ffffffff81000030 d modules\nffffffff81000000 T _text\n");
  const DebugFiles files(directory.write("bzImage", "HdrS"), map, plan);
  EXPECT_THAT(files.module_places(), testing::ElementsAre(std::pair("modules", linked + 0x20)));
}

TEST_F(DebugFilesTest, WhatCannotBeServedIsRefusedInWords) {
  const std::string image = directory.write("bzImage", "HdrS");
  EXPECT_THAT(refusal(image, directory.path() + "/missing"), HasSubstr("--symbols: "));
  EXPECT_THAT(refusal(image, directory.write("noise", "no symbols here\n")),
              HasSubstr("is neither an ELF file nor a list of symbols"));
  plan.sliding_kernel = Gva{linked};
  EXPECT_THAT(refusal(image, elf<boot::MadeElf32>("narrow.elf")), HasSubstr("is not a 64-bit ELF file with segments"));
}

}  // namespace
}  // namespace gdbvm

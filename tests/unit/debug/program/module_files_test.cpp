// The .ko files of a guest, and what must be known about its kernel to use them.
#include "vmm/debug/program/module_files.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

struct ModuleFilesTest : testing::Test {
  TemporaryDirectory directory;
  std::string list =
      "ffffffff81000000 T _text\nffffffff81000100 D modules\nffffffff81000200 D __start_BTF\n"
      "ffffffff81000300 D __stop_BTF\n";

  std::optional<KernelModules::Source> source(const std::string& modules) {
    const DebugFiles files(directory.write("bzImage", "HdrS"), directory.write("System.map", list), {});
    return module_source(modules, files);
  }
  std::string refusal(const std::string& modules) {
    try {
      source(modules);
    } catch (const SetupError& error) {
      return error.what();
    }
    return "";
  }
  // In a separate folder.
  std::string place(std::initializer_list<const char*> names) {
    for (const char* name : names) directory.write(std::string("modules/") + name, "");
    return directory.path() + "/modules";
  }
};

TEST_F(ModuleFilesTest, WithoutADirectoryThereAreNone) { EXPECT_FALSE(source("")); }

TEST_F(ModuleFilesTest, FilesAreFoundInAllFoldersByTheKernelsSpelling) {
  const std::string modules = place({"kernel/fs/ext4.ko", "kernel/drivers/virtio-net.ko", "modules.dep"});
  EXPECT_THAT(source(modules)->files,
              UnorderedElementsAre(Pair("ext4", modules + "/kernel/fs/ext4.ko"),
                                   Pair("virtio_net", modules + "/kernel/drivers/virtio-net.ko")));
}

TEST_F(ModuleFilesTest, SymbolicLinksToFoldersAreNotFollowed) {
  const std::string modules = place({"ext4.ko"});
  std::filesystem::create_directory_symlink("..", modules + "/up");
  EXPECT_EQ(source(modules)->files.size(), 1u);
}

TEST_F(ModuleFilesTest, TwoFilesOfOneNameAreRefused) {
  EXPECT_THAT(refusal(place({"6.1/a-b.ko", "6.2/a_b.ko"})), HasSubstr("have the same name"));
}

TEST_F(ModuleFilesTest, AFolderWithoutAnyIsRefused) {
  EXPECT_THAT(refusal(place({"readme"})), HasSubstr("there are no .ko files in"));
  EXPECT_THAT(refusal(place({"ext4.ko.xz"})), HasSubstr("compressed files must be unpacked first"));
  EXPECT_THAT(refusal(directory.path() + "/missing"), HasSubstr("cannot read all of"));
}

TEST_F(ModuleFilesTest, TheKernelsSymbolsLeadToItsModules) {
  EXPECT_EQ(source(place({"ext4.ko"}))->list, Gva{0xffffffff81000100});
  EXPECT_EQ(source(place({"ext4.ko"}))->types_end, Gva{0xffffffff81000300});
  EXPECT_EQ(source(place({"ext4.ko"}))->library_point, std::nullopt);
  list += "ffffffff81000400 t do_init_module\n";
  EXPECT_EQ(source(place({"ext4.ko"}))->library_point, Gva{0xffffffff81000400});
  list = "ffffffff81000000 T _text\nffffffff81000100 D modules\n";
  EXPECT_THAT(refusal(place({"ext4.ko"})), HasSubstr("__start_BTF is not among the kernel's symbols"));
}

}  // namespace
}  // namespace gdbvm

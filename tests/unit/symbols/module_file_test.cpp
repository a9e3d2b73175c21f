// Files of modules: complete, truncated, and no module at all.
#include "vmm/symbols/module_file.h"

#include <gtest/gtest.h>

#include "tests/unit/symbols/module_maker.h"

namespace gdbvm::symbols {
namespace {

TEST(ModuleFile, AllocatedSectionsInTheirOrder) {
  const auto found = allocated_sections(module_file());
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(*found, (std::vector<ModuleSection>{{".text", 0x40}, {".data", 0}, {".modinfo", 8}}));
}

TEST(ModuleFile, RefusesWhatIsNone) {
  EXPECT_FALSE(allocated_sections(module_file(ET_EXEC)));
  EXPECT_FALSE(allocated_sections(module_file(ET_REL, 1000)));
  const auto good = module_file();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(allocated_sections(std::span(good).first(size))) << size;
  }
}

}  // namespace
}  // namespace gdbvm::symbols

// How kernels of different ages describe struct module.
#include "vmm/symbols/module_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/symbols/btf_maker.h"

namespace gdbvm::symbols {
namespace {

using testing::HasSubstr;

TEST(ModuleLayout, WithACountOfSections) {
  const auto layout = module_layout(*Btf::parse(module_types(KernelAge::Counted)));
  ASSERT_TRUE(layout) << layout.error();
  EXPECT_EQ(layout->list, 8u);
  EXPECT_EQ(layout->name, 24u);
  EXPECT_EQ(layout->name_size, 56u);
  EXPECT_EQ(layout->sections, 200u);
  EXPECT_FALSE(layout->listed);
  EXPECT_EQ(layout->section_count, 32u);
  EXPECT_EQ(layout->first_section, 40u);
  EXPECT_EQ(layout->section_size, 48u);
  EXPECT_EQ(layout->section_name, 0u);
  EXPECT_EQ(layout->section_address, 40u);
}

TEST(ModuleLayout, WithAListOfSections) {
  const auto layout = module_layout(*Btf::parse(module_types(KernelAge::Listed)));
  ASSERT_TRUE(layout) << layout.error();
  EXPECT_TRUE(layout->listed);
  EXPECT_EQ(layout->section_count, 24u);
  EXPECT_EQ(layout->section_name, 0u);
  EXPECT_EQ(layout->section_address, 24u);
}

TEST(ModuleLayout, SaysWhatIsMissing) {
  BtfMaker m;
  m.integer("int", 4);
  const auto none = module_layout(*Btf::parse(m.bytes()));
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error(), HasSubstr("struct module"));
  const auto head = m.structure("list_head", 16, {{"next", 1, 0}});
  m.structure("module", 64, {{"state", 1, 0}, {"list", head, 8}, {"name", m.array(1, 14), 24}});
  const auto without = module_layout(*Btf::parse(m.bytes()));
  ASSERT_FALSE(without);
  EXPECT_THAT(without.error(), HasSubstr("sect_attrs"));
}

}  // namespace
}  // namespace gdbvm::symbols

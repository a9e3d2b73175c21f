// Types as kernels describe them, and invalid or hostile descriptions.
#include "vmm/symbols/btf.h"

#include <gtest/gtest.h>

#include "tests/unit/symbols/btf_maker.h"
#include "vmm/symbols/module_layout.h"

namespace gdbvm::symbols {
namespace {

TEST(Btf, MembersAndTheirOffsets) {
  BtfMaker m;
  const auto number = m.integer("int", 4);
  const auto inner = m.structure("inner", 8, {{"a", number, 0}, {"b", number, 4}});
  const auto nameless = m.union_of("", 8, {{"c", inner, 0}, {"d", number, 0}});
  const auto alias = m.type_definition("alias", m.constant(inner));
  const auto outer = m.structure("outer", 40, {{"x", number, 0}, {"", nameless, 8}, {"y", alias, 16}});
  const auto btf = Btf::parse(m.bytes());
  ASSERT_TRUE(btf) << btf.error();
  EXPECT_EQ(btf->find_struct("outer"), outer);
  EXPECT_FALSE(btf->find_struct("alias"));
  EXPECT_FALSE(btf->find_struct("out"));
  EXPECT_EQ(btf->member(outer, "x")->offset, 0u);
  EXPECT_EQ(btf->member(outer, "d")->offset, 8u);
  EXPECT_EQ(btf->member(outer, "c.b")->offset, 12u);
  EXPECT_EQ(btf->member(outer, "y.b")->offset, 20u);
  EXPECT_EQ(btf->member(outer, "y")->type, alias);
  for (const char* none : {"z", "", "y.", ".y", "y.z", "x.a", "y..b"}) EXPECT_FALSE(btf->member(outer, none)) << none;
  EXPECT_FALSE(btf->member(0, "x"));
  EXPECT_FALSE(btf->member(1000, "x"));
}

TEST(Btf, SizesAndElements) {
  BtfMaker m;
  const auto character = m.integer("char", 1);
  const auto pointer = m.pointer(character), name = m.array(character, 56), table = m.array(name, 3);
  const auto alias = m.type_definition("alias", table);
  const auto btf = Btf::parse(m.bytes());
  ASSERT_TRUE(btf) << btf.error();
  EXPECT_EQ(btf->size_of(character), 1u);
  EXPECT_EQ(btf->size_of(pointer), 8u);
  EXPECT_EQ(btf->size_of(alias), 168u);
  EXPECT_FALSE(btf->size_of(0));
  EXPECT_EQ(btf->element_of(alias), name);
  EXPECT_EQ(btf->element_of(pointer), character);
  EXPECT_FALSE(btf->element_of(character));
}

TEST(Btf, BitFieldsAreNoMembers) {
  BtfMaker m;
  const auto number = m.integer("int", 4);
  constexpr std::uint32_t with_widths = 0x80000000;
  const auto fields = m.add("fields", 4, with_widths | 2, 8, {m.string("bits"), number, 3u << 24 | 8});
  (void)fields;
  // The second member's words belong to the struct before it.
  auto bytes = m.bytes();
  EXPECT_FALSE(Btf::parse(bytes));
  BtfMaker whole;
  const auto it = whole.integer("int", 4);
  const auto bits = whole.string("bits"), plain = whole.string("plain");
  const auto owner = whole.add("fields", 4, with_widths | 2, 8, {bits, it, 3u << 24 | 8, plain, it, 32});
  const auto btf = Btf::parse(whole.bytes());
  ASSERT_TRUE(btf) << btf.error();
  EXPECT_FALSE(btf->member(owner, "bits"));
  EXPECT_EQ(btf->member(owner, "plain")->offset, 4u);
}

TEST(Btf, TypesThatHaveThemselves) {
  BtfMaker m;
  m.structure("snake", 8, {{"", 1, 0}, {"", 1, 0}, {"", 1, 0}, {"tail", 1, 0}});
  m.type_definition("circle", 2);
  m.array(3, 1);
  m.array(4, 0xffffffff);
  const auto btf = Btf::parse(m.bytes());
  ASSERT_TRUE(btf) << btf.error();
  EXPECT_FALSE(btf->member(1, "head"));
  EXPECT_FALSE(btf->size_of(2));
  EXPECT_FALSE(btf->size_of(3));
  EXPECT_FALSE(btf->size_of(4));
  EXPECT_FALSE(btf->element_of(2));
}

// All types and members have the same unterminated name of 16 MiB: searching for its end each time would take minutes.
TEST(Btf, NamesWithoutEndCostNoMoreThanOthers) {
  constexpr std::uint32_t names = 16 << 20, structs = 200'000, members = 65'535, kind = 4u << 24;
  std::vector<std::uint32_t> words{0x0001eb9f, 24, 0, 0, 0, names};
  for (std::uint32_t i = 0; i < structs; ++i) words.insert(words.end(), {0, kind, 0});
  words.insert(words.end(), {0, kind | members, 0});
  for (std::uint32_t i = 0; i < members; ++i) words.insert(words.end(), {0, 1, 0});
  words[3] = words[4] = static_cast<std::uint32_t>(words.size() * 4 - 24);
  std::vector<std::uint8_t> bytes(words.size() * 4 + names, 'm');
  std::memcpy(bytes.data(), words.data(), words.size() * 4);
  const auto btf = Btf::parse(std::move(bytes));
  ASSERT_TRUE(btf) << btf.error();
  EXPECT_FALSE(btf->find_struct("m"));
  EXPECT_FALSE(btf->find_struct("mmmmmm"));
  EXPECT_FALSE(btf->member(structs + 1, "m"));
  EXPECT_FALSE(module_layout(*btf));
}

TEST(Btf, ANameAtTheVeryEndIsFound) {
  BtfMaker m;
  m.structure("module", 8, {});
  auto bytes = m.bytes();
  EXPECT_EQ(Btf::parse(bytes)->find_struct("module"), 1u);
  bytes.back() = 'x';
  EXPECT_FALSE(Btf::parse(bytes)->find_struct("module"));
}

TEST(Btf, WhatIsCutOrPointsOutsideIsRefused) {
  const auto good = module_types(KernelAge::Counted);
  ASSERT_TRUE(Btf::parse(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(Btf::parse({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  }
  for (const std::size_t word : {0u, 4u, 8u, 12u, 16u, 20u}) {
    auto bad = good;
    std::memset(&bad[word], 0xff, 4);
    EXPECT_FALSE(Btf::parse(bad)) << word;
  }
  BtfMaker unknown;
  unknown.add("new", 20, 0, 0, {});
  EXPECT_FALSE(Btf::parse(unknown.bytes()));
}

}  // namespace
}  // namespace gdbvm::symbols

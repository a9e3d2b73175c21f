// ELF headers, valid and hostile: one sentence for each kind of error.
#include "vmm/boot/elf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "elf_maker.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;

TEST(Elf, ReadsSegments) {
  Elf64Maker maker(0x100010);
  maker.add(0x100000, 0xffffffff80000000, "code", 0x2000);
  maker.add(0, 0, "", 0);  // nothing in it
  const auto elf = parse_elf(maker.bytes(), "k");
  ASSERT_TRUE(elf) << elf.error();
  EXPECT_EQ(elf->elf_class, symbols::ElfClass::Elf64);
  EXPECT_EQ(elf->entry, 0x100010u);
  ASSERT_EQ(elf->segments.size(), 1u);
  EXPECT_EQ(elf->segments[0].physical, Gpa{0x100000});
  EXPECT_EQ(elf->segments[0].linear, Gva{0xffffffff80000000});
  EXPECT_EQ(elf->segments[0].file_size, 4u);
  EXPECT_EQ(elf->segments[0].memory_size, 0x2000u);
  EXPECT_FALSE(elf->notes.pvh_entry);
}

TEST(Elf, ReadsElf32) {
  Elf32Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  const auto elf = parse_elf(maker.bytes(), "k");
  ASSERT_TRUE(elf) << elf.error();
  EXPECT_EQ(elf->elf_class, symbols::ElfClass::Elf32);
}

// Whether it matters depends on who starts it: a multiboot loader does not look for one.
TEST(Elf, TellsOfAnInterpreter) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  EXPECT_FALSE(parse_elf(maker.bytes(), "k")->has_interpreter);
  maker.add(0, 0, "/lib/ld.so", 0, PT_INTERP);
  EXPECT_TRUE(parse_elf(maker.bytes(), "k")->has_interpreter);
}

TEST(Elf, AStaticPositionIndependentExecutableIsFine) {
  Elf64Maker maker(0x100000);
  maker.header.e_type = ET_DYN;
  maker.add(0x100000, 0x100000, "code");
  EXPECT_TRUE(parse_elf(maker.bytes(), "k"));
}

std::string note(std::uint32_t type, const std::string& owner, const std::string& descriptor = "desc") {
  const std::uint32_t header[] = {static_cast<std::uint32_t>(owner.size()), 4, type};
  std::string out(reinterpret_cast<const char*>(header), sizeof header);
  out += owner;
  out.resize((out.size() + 3) & ~std::size_t{3});
  return out + descriptor;
}

TEST(Elf, FindsThePvhNote) {
  const std::string xen("Xen\0", 4), gnu("GNU\0", 4);
  for (const auto& [notes, is_pvh] : std::vector<std::pair<std::string, bool>>{{note(18, xen), true},
                                                                               {note(3, gnu) + note(18, xen), true},
                                                                               {note(3, gnu), false},
                                                                               {note(17, xen), false},
                                                                               {note(18, xen).substr(0, 14), false},
                                                                               {"", false}}) {
    Elf64Maker maker(0x100000);
    maker.add(0x100000, 0x100000, "code");
    maker.add(0, 0, notes, 0, PT_NOTE);
    const auto elf = parse_elf(maker.bytes(), "k");
    ASSERT_TRUE(elf) << elf.error();
    EXPECT_EQ(elf->notes.pvh_entry.has_value(), is_pvh) << notes.size();
    EXPECT_FALSE(elf->notes.is_linux);
  }
}

std::optional<std::uint64_t> pvh_entry_of(const std::string& notes) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  maker.add(0, 0, notes, 0, PT_NOTE);
  const auto elf = parse_elf(maker.bytes(), "k");
  return elf ? elf->notes.pvh_entry : std::nullopt;
}

TEST(Elf, APvhNoteMayHaveAnyOwnerButXensCountsFirst) {
  const std::string xen("Xen\0", 4), other("mine\0", 5), at_a("\x01\0\x10\0", 4), at_b("\x02\0\x10\0", 4);
  EXPECT_EQ(pvh_entry_of(note(18, other, at_a)), 0x100001u);
  EXPECT_EQ(pvh_entry_of(note(18, "", at_a)), 0x100001u);
  EXPECT_EQ(pvh_entry_of(note(18, other, at_a) + note(18, xen, at_b)), 0x100002u);
  EXPECT_EQ(pvh_entry_of(note(18, xen, at_b) + note(18, other, at_a)), 0x100002u);
  EXPECT_EQ(pvh_entry_of(note(18, other, "descriptor12")), std::nullopt);
  EXPECT_EQ(pvh_entry_of(note(18, other, "desc")), std::nullopt);  // not in a segment: it means something else
}

TEST(Elf, ANoteThatClaimsMoreThanThereIsEndsTheSearch) {
  std::string huge = note(1, "GNU");
  huge.replace(0, 4, "\xff\xff\xff\xff");
  huge.replace(4, 4, "\xff\xff\xff\xff");
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  maker.add(0, 0, huge, 0, PT_NOTE).p_filesz = 1000000;  // beyond the file
  maker.add(0, 0, huge, 0, PT_NOTE);
  EXPECT_TRUE(parse_elf(maker.bytes(), "k"));
}

struct BadElf {
  const char* name;
  std::function<void(Elf64Maker&)> damage;
  const char* sentence;
};

class BadElfTest : public testing::TestWithParam<BadElf> {};

TEST_P(BadElfTest, IsRefusedWithASentence) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  GetParam().damage(maker);
  const auto elf = parse_elf(maker.bytes(), "k.elf");
  ASSERT_FALSE(elf);
  EXPECT_THAT(elf.error(), HasSubstr(GetParam().sentence));
  EXPECT_TRUE(elf.error().starts_with("k.elf"));
}

constexpr std::uint64_t two_to_63 = std::uint64_t{1} << 63;

INSTANTIATE_TEST_SUITE_P(
    All, BadElfTest,
    testing::Values(
        BadElf{"big_endian", [](auto& m) { m.header.e_ident[EI_DATA] = ELFDATA2MSB; }, "big-endian"},
        BadElf{"no_class", [](auto& m) { m.header.e_ident[EI_CLASS] = 7; }, "unknown class 7"},
        BadElf{"wrong_machine", [](auto& m) { m.header.e_machine = EM_AARCH64; }, "for machine 183, not x86-64"},
        BadElf{"x86_64_code_in_elf32", [](auto& m) { m.header.e_ident[EI_CLASS] = ELFCLASS32; },
               "machine 62, not i386"},
        BadElf{"object_file", [](auto& m) { m.header.e_type = ET_REL; }, "object file"},
        BadElf{"core_dump", [](auto& m) { m.header.e_type = ET_CORE; }, "core dump"},
        BadElf{"type_zero", [](auto& m) { m.header.e_type = 0; }, "type 0"},
        BadElf{"no_segments", [](auto& m) { m.phnum = 0; }, "without segments"},
        BadElf{"extended_count", [](auto& m) { m.phnum = 0xffff; }, "too many segments"},
        BadElf{"more_headers_than_file", [](auto& m) { m.phnum = 0xfffe; }, "program headers lie outside"},
        BadElf{"headers_far_away", [](auto& m) { m.header.e_phoff = two_to_63; }, "program headers lie outside"},
        BadElf{"headers_wrap", [](auto& m) { m.header.e_phoff = ~0ull - 8; }, "program headers lie outside"},
        BadElf{"header_size_zero", [](auto& m) { m.header.e_phentsize = 0; }, "have 0 bytes each"},
        BadElf{"header_size_odd", [](auto& m) { m.header.e_phentsize = 57; }, "have 57 bytes each"},
        BadElf{"nothing_to_load", [](auto& m) { m.segments[0].p_type = PT_NOTE; }, "nothing to load"},
        BadElf{"more_in_file", [](auto& m) { m.segments[0].p_memsz = 3; }, "more bytes in the file"},
        BadElf{"segment_outside_file", [](auto& m) { m.segments[0].p_offset = 1 << 20; }, "truncated or damaged"},
        BadElf{"segment_offset_wraps", [](auto& m) { m.segments[0].p_offset = ~0ull - 1; }, "truncated or damaged"},
        BadElf{"physical_wraps", [](auto& m) { m.segments[0].p_paddr = ~0ull - 2; }, "wraps around"},
        BadElf{"linear_wraps", [](auto& m) { m.segments[0].p_vaddr = ~0ull - 2; }, "wraps around"},
        BadElf{"huge_memory", [](auto& m) { m.segments[0].p_memsz = ~0ull; }, "wraps around"},
        BadElf{"huge_file_size", [](auto& m) { m.segments[0].p_filesz = m.segments[0].p_memsz = two_to_63; },
               "truncated or damaged"}),
    [](const auto& test) { return test.param.name; });

TEST(Elf, EveryTruncationIsRefused) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  const auto whole = maker.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_elf(std::span(whole).first(size), "k")) << size;
  }
}

}  // namespace
}  // namespace gdbvm::boot

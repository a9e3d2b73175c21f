// Booting ELFs: where their bytes go, what is mapped, and the CPU's initial state.
#include "vmm/boot/elf_boot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "elf_maker.h"
#include "plan_checks.h"
#include "vmm/boot/install.h"
#include "vmm/memory/page_walk.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t mib = 1 << 20, ram_size = 64 * mib;

template <class Maker>
std::expected<BootPlan, ImageError> plan(const Maker& maker, std::uint64_t size = ram_size) {
  const auto image = maker.bytes();
  const auto elf = parse_elf(image, "k.elf");
  if (!elf) return std::unexpected(elf.error());
  return plan_elf(*elf, image, {.load = {}, .mode = {}, .name = "k.elf"}, size);
}

// Where the plan's page tables lead, or nullopt.
std::optional<std::uint64_t> walk(const BootPlan& boot_plan, std::uint64_t linear, std::uint64_t size = ram_size) {
  GuestMemory memory(size);
  install(boot_plan, memory);
  const auto found = translate(memory, boot_plan.system, Gva{linear});
  return found ? std::optional(found->address.value) : std::nullopt;
}

TEST(ElfBoot, Elf64StartsInLongMode) {
  Elf64Maker maker(0x100002);
  maker.add(0x100000, 0x100000, "code");
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->architecture, GuestArchitecture::X86_64);
  EXPECT_EQ(p->format, "64-bit ELF");
  EXPECT_EQ(p->general.rip, 0x100002u);
  EXPECT_EQ(p->general.rflags, 2u);
  EXPECT_EQ(p->general.rsp % 16, 0u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Long);
  EXPECT_EQ(p->system.cr0, 0x80010033u);
  EXPECT_EQ(p->system.cr4, 0x620u);
  EXPECT_EQ(p->system.efer, 0x500u);
  EXPECT_EQ(p->system.idt.limit, 0);
  EXPECT_EQ(p->system.apic_base, 0xfee00900u);
  EXPECT_EQ(walk(*p, 0x100002), 0x100002u);
  EXPECT_EQ(walk(*p, ram_size - 1), ram_size - 1);
  EXPECT_EQ(walk(*p, 0xfee00000), 0xfee00000u);
  EXPECT_EQ(walk(*p, std::uint64_t{1} << 32), std::nullopt);
  expect_sound(*p, ram_size);
}

std::string bytes_of_words(std::initializer_list<std::uint64_t> words) {
  return {reinterpret_cast<const char*>(words.begin()), words.size() * sizeof(std::uint64_t)};
}

// A position-independent executable as lld links it: its pointers are zero in the file.
Elf64Maker relocated(std::initializer_list<std::uint64_t> table, std::uint64_t table_at = 0x100100,
                     std::uint64_t entry_size = 24) {
  Elf64Maker maker(0x100000);
  maker.header.e_type = ET_DYN;
  const std::string code(0x100, 'c'), rela = bytes_of_words(table);
  maker.add(0x100000, 0x100000, code + rela, 0x1000);
  maker.add(0x200000, 0x200000, std::string(16, '\0'), 0x2000);
  maker.add(0, 0, bytes_of_words({DT_RELA, table_at, DT_RELASZ, rela.size(), DT_RELAENT, entry_size, DT_NULL, 0}), 0,
            PT_DYNAMIC);
  return maker;
}

TEST(ElfBoot, PointersOfAPositionIndependentExecutableAreFilledIn) {
  const auto p = plan(relocated({0x200008, R_X86_64_RELATIVE, 0x100010,      //
                                 0x201000, R_X86_64_RELATIVE, 0x100020,      // in .bss
                                 0x200000, R_X86_64_IRELATIVE, 0x100030}));  // the kernel's own business
  ASSERT_TRUE(p) << p.error();
  GuestMemory memory(ram_size);
  install(*p, memory);
  const auto word = [&](std::uint64_t address) {
    std::uint64_t value = 0;
    std::memcpy(&value, memory.at({address}, sizeof value), sizeof value);
    return value;
  };
  EXPECT_EQ(word(0x200008), 0x100010u);
  EXPECT_EQ(word(0x201000), 0x100020u);
  EXPECT_EQ(word(0x200000), 0u);
}

std::string refusal(const Elf64Maker& maker) {
  const auto p = plan(maker);
  return p ? "accepted" : p.error();
}

TEST(ElfBoot, RelocationsThatCannotBeAppliedAreRefused) {
  EXPECT_EQ(refusal(relocated({0x300000, R_X86_64_RELATIVE, 1})),
            "k.elf is damaged: it relocates 0x300000, outside itself");
  EXPECT_EQ(refusal(relocated({0x201ff9, R_X86_64_RELATIVE, 1})),
            "k.elf is damaged: it relocates 0x201ff9, outside itself");
  EXPECT_EQ(refusal(relocated({~0ull, R_X86_64_RELATIVE, 1})),
            "k.elf is damaged: it relocates 0xffffffffffffffff, outside itself");
  EXPECT_EQ(refusal(relocated({0, 0, 0}, 0x100108)), "k.elf is damaged: its relocations are missing");
  EXPECT_EQ(refusal(relocated({0, 0, 0}, 0x100100, 16)), "k.elf is damaged: its relocations are missing");
}

TEST(ElfBoot, AnElf64MayFindItsOwnWayUpFromProtectedMode) {
  Elf64Maker maker(0x100002);
  maker.add(0x100000, 0x100000, "code");
  const auto image = maker.bytes();
  const auto elf = parse_elf(image, "k.elf");
  ASSERT_TRUE(elf);
  const auto p = plan_elf(*elf, image, {.load = {}, .mode = {}, .name = "k.elf"}, ram_size, ElfEntry::Protected);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->architecture, GuestArchitecture::X86_64);
  EXPECT_EQ(p->general.rip, 0x100002u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
  EXPECT_EQ(p->system.cr0 & x86::cr0::pg, 0u);
}

TEST(ElfBoot, MemoryAbove4GiBIsMappedToo) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code");
  const std::uint64_t size = std::uint64_t{5} << 30;
  const auto p = plan(maker, size);
  ASSERT_TRUE(p) << p.error();
  const std::uint64_t last = (std::uint64_t{6} << 30) - 1;
  EXPECT_EQ(walk(*p, last, size), last);
  EXPECT_EQ(walk(*p, last + 1, size), std::nullopt);
  expect_sound(*p, size);
}

TEST(ElfBoot, AHigherHalfKernelStartsAtItsOwnSymbols) {
  constexpr std::uint64_t base = 0xffffffff80000000;
  Elf64Maker maker(base + 0x10);
  maker.add(0x100000, base, "text", 0x1800);
  maker.add(0x103000, base + 0x3000, "data", 0x200000);
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->general.rip, base + 0x10);
  EXPECT_EQ(walk(*p, base + 0x10), 0x100010u);
  EXPECT_EQ(walk(*p, base + 0x17ff), 0x1017ffu);
  EXPECT_EQ(walk(*p, base + 0x2000), std::nullopt);  // between the segments
  EXPECT_EQ(walk(*p, base + 0x202fff), 0x302fffu);
  EXPECT_EQ(walk(*p, 0x100010), 0x100010u);  // and where it lies
  expect_sound(*p, ram_size);
}

TEST(ElfBoot, LargePagesWhereBothSidesAreAligned) {
  Elf64Maker maker(0xffffffff80000000);
  maker.add(0x200000, 0xffffffff80000000, "text", 0x600000);
  const auto p = plan(maker);
  ASSERT_TRUE(p);
  GuestMemory memory(ram_size);
  install(*p, memory);
  EXPECT_EQ(translate(memory, p->system, Gva{0xffffffff80212345})->page_size, 2 * mib);
}

TEST(ElfBoot, ALowVirtualAddressHidesThatPartOfTheIdentityMap) {
  Elf64Maker maker(0x400000);
  maker.add(0x200000, 0x400000, "code", 0x1000);
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(walk(*p, 0x400000), 0x200000u);
  EXPECT_EQ(walk(*p, 0x401000), 0x401000u);
  EXPECT_EQ(walk(*p, 0x3ff000), 0x3ff000u);
  expect_sound(*p, ram_size);
}

TEST(ElfBoot, AnEntryByPhysicalAddressIsTakenAsItIs) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0xffffffff80000000, "code");
  const auto p = plan(maker);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->general.rip, 0x100000u);
}

TEST(ElfBoot, BootStructuresMakeWayForTheImage) {
  Elf64Maker maker(0x500);
  maker.add(0, 0, "from the first byte on", 0x9f000);
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_GE(p->system.gdt.base, 0x9f000u);
  EXPECT_GE(p->general.rsp, 0x9f000u);
  EXPECT_GE(p->system.cr3, 0x9f000u);
  expect_sound(*p, ram_size);
}

TEST(ElfBoot, BootStructuresStayClearOfVirtualAddresses) {
  Elf64Maker maker(0);
  maker.add(0x200000, 0, "mapped over the low memory", 0x100000);
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_GE(p->system.gdt.base, 0x100000u);
  EXPECT_EQ(walk(*p, p->system.gdt.base), p->system.gdt.base);
  EXPECT_EQ(walk(*p, p->general.rsp), p->general.rsp);
}

TEST(ElfBoot, BssTakesNoBytesInThePlan) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, "code", 32 * mib);
  const auto p = plan(maker);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->placements[0].start, Gpa{0x100000});
  EXPECT_EQ(p->placements[0].bytes, (std::vector<std::uint8_t>{'c', 'o', 'd', 'e'}));
}

TEST(ElfBoot, Elf32StartsInProtectedMode) {
  Elf32Maker maker(0x100004);
  maker.add(0x100000, 0x100000, "code....");
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->architecture, GuestArchitecture::I386);
  EXPECT_EQ(p->format, "32-bit ELF");
  EXPECT_EQ(p->general.rip, 0x100004u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
  EXPECT_EQ(p->system.cr0 & x86::cr0::pg, 0u);
  EXPECT_EQ(p->system.cr3, 0u);
  expect_sound(*p, ram_size);
}

TEST(ElfBoot, AnElf32EntryByVirtualAddressIsEnteredWhereItLies) {
  Elf32Maker maker(0xc0100004);
  maker.add(0x100000, 0xc0100000, "code....");
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->general.rip, 0x100004u);
}

struct BadLayout {
  const char* name;
  std::function<void(Elf64Maker&)> build;
  const char* sentence;
};

class BadLayoutTest : public testing::TestWithParam<BadLayout> {};

TEST_P(BadLayoutTest, IsRefusedWithASentence) {
  Elf64Maker maker(0x100000);
  GetParam().build(maker);
  const auto p = plan(maker);
  ASSERT_FALSE(p);
  EXPECT_THAT(p.error(), HasSubstr(GetParam().sentence));
}

constexpr std::uint64_t two_to_63 = std::uint64_t{1} << 63;

INSTANTIATE_TEST_SUITE_P(
    All, BadLayoutTest,
    testing::Values(
        BadLayout{
            "outside_ram", [](auto& m) { m.add(ram_size - 2, ram_size - 2, "code"); },
            "k.elf: the segment at 0x3fffffe, 0x4 bytes, lies outside the guest's 64 MiB of memory: --memory 65M has "
            "room for it"},
        BadLayout{"far_outside_ram", [](auto& m) { m.add(two_to_63, 0x100000, "code"); },
                  "k.elf: the segment at 0x8000000000000000, 0x4 bytes, lies where no PC has memory"},
        BadLayout{"linked_without_load_addresses",
                  [](auto& m) { m.add(0xffffffff80000000, 0xffffffff80000000, "code"); },
                  "lies where no PC has memory: AT() in the linker script gives it a load address"},
        BadLayout{"larger_than_ram", [](auto& m) { m.add(0x100000, 0x100000, "code", two_to_63); },
                  "lies where no PC has memory"},
        BadLayout{"overlap",
                  [](auto& m) {
                    m.add(0x100000, 0x100000, "code", 0x1001);
                    m.add(0x101000, 0x201000, "code");
                  },
                  "0x100000 and 0x101000 overlap"},
        BadLayout{"overlap_backwards",
                  [](auto& m) {
                    m.add(0x101000, 0x101000, "code");
                    m.add(0x100000, 0x300000, "code", 0x2000);
                  },
                  "overlap"},
        BadLayout{"virtual_overlap",
                  [](auto& m) {
                    m.add(0x100000, 0x400000, "code", 0x1001);
                    m.add(0x103000, 0x401000, "code");
                  },
                  "two segments want the page at virtual 0x401000"},
        BadLayout{"unmappable", [](auto& m) { m.add(0x100000, 0x400010, "code"); }, "offsets in the page differ"},
        BadLayout{"not_canonical", [](auto& m) { m.add(0x100000, 0x800000000000, "code"); }, "not canonical"},
        BadLayout{"runs_out_of_canonical", [](auto& m) { m.add(0x100000, 0x7ffffffff000, "code", 0x2000); },
                  "not canonical"},
        BadLayout{"entry_elsewhere", [](auto& m) { m.add(0x200000, 0x200000, "code"); },
                  "entry point 0x100000 is in none"},
        BadLayout{"entry_just_behind", [](auto& m) { m.add(0xffffc, 0xffffc, "code"); }, "entry point"},
        BadLayout{"no_room_left", [](auto& m) { m.add(0, 0, "code", ram_size); }, "no room"}),
    [](const auto& test) { return test.param.name; });

TEST(ElfBoot, SegmentsUpToTheEndOfTheAddressSpaceAndOfRam) {
  Elf64Maker maker(0xfffffffffffff000);
  maker.add(ram_size - 0x1000, 0xfffffffffffff000, "code", 0x1000);
  const auto p = plan(maker);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(walk(*p, 0xffffffffffffffff), ram_size - 1);
  EXPECT_EQ(walk(*p, 0), 0u);
}

TEST(ElfBoot, ThousandsOfScatteredSegmentsRunOutOfRoomAndNotOfHostMemory) {
  Elf64Maker maker(0x100000);
  maker.header.e_phoff = 0x400;
  // Each needs its own tables. The headers are added after the first ones by hand.
  std::vector<Elf64_Phdr> headers(20'000);
  for (std::size_t i = 0; i < headers.size(); ++i) {
    headers[i].p_type = PT_LOAD;
    headers[i].p_paddr = 0x100000 + i * 0x1000;
    headers[i].p_vaddr = (i << 30 | 0x200000) & 0x7fffffffffff;
    headers[i].p_memsz = 0x1000;
  }
  maker.add(0, 0, std::string(reinterpret_cast<const char*>(headers.data()), headers.size() * sizeof headers[0]));
  maker.phnum = static_cast<int>(headers.size());
  maker.header.e_entry = 0x100000;
  const auto p = plan(maker, 96 * mib);
  ASSERT_FALSE(p);
  EXPECT_THAT(p.error(), HasSubstr("no room in the guest's memory for page tables"));
}

}  // namespace
}  // namespace gdbvm::boot

// PVH: the CPU's state, the start info, and invalid notes.
#include "vmm/boot/pvh.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf_maker.h"
#include "plan_checks.h"
#include "plan_reader.h"
#include "vmm/boot/image.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
constexpr std::uint64_t mib = 1 << 20, ram_size = 64 * mib;

std::string pvh_note(std::uint32_t entry) { return words({4, 4, 18}) + std::string("Xen\0", 4) + words({entry}); }
template <class Maker>
std::vector<std::uint8_t> kernel(const std::string& note) {
  Maker maker(0x100000);
  maker.add(0x100000, 0x100000, std::string(64, 'k'), 2 * mib);
  maker.add(0, 0, note, 0, PT_NOTE);
  return maker.bytes();
}
LoadOptions options(const std::string& line = {}, std::vector<Module> modules = {}) {
  return options_of("k", line, std::move(modules));
}

TEST(Pvh, EntersInProtectedModeWithNothingElseOn) {
  for (const bool is_64 : {false, true}) {
    const auto image = is_64 ? kernel<Elf64Maker>(pvh_note(0x100010)) : kernel<Elf32Maker>(pvh_note(0x100010));
    const auto p = plan_boot(image, options(), ram_size);
    ASSERT_TRUE(p) << p.error();
    expect_sound(*p, ram_size);
    EXPECT_EQ(p->format, is_64 ? "64-bit PVH kernel" : "32-bit PVH kernel");
    EXPECT_EQ(p->architecture, is_64 ? GuestArchitecture::X86_64 : GuestArchitecture::I386);
    EXPECT_EQ(p->general.rip, 0x100010u);
    EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
    EXPECT_EQ(p->system.cr4, 0u);
    EXPECT_EQ(p->system.cr0 & x86::cr0::pg, 0u);
  }
}

TEST(Pvh, TheStartInfoTellsEverything) {
  const auto p = plan_boot(kernel<Elf32Maker>(pvh_note(0x100000)),
                           options("a b", {module_of("m", "first", "m 1"), module_of("n", "second", "n")}), ram_size);
  ASSERT_TRUE(p) << p.error();
  const PlanReader memory(*p);
  const std::uint64_t info = p->general.rbx;
  EXPECT_EQ(memory.u32(info), 0x336ec578u);
  EXPECT_EQ(memory.u32(info + 4), 1u);
  EXPECT_EQ(memory.u32(info + 12), 2u);
  EXPECT_EQ(memory.string(memory.u64(info + 24)), "a b");
  EXPECT_EQ(memory.bytes(memory.u64(info + 32), 8), "RSD PTR ");
  const std::uint64_t modules = memory.u64(info + 16);
  EXPECT_EQ(memory.bytes(memory.u64(modules), memory.u64(modules + 8)), "first");
  EXPECT_EQ(memory.string(memory.u64(modules + 16)), "m 1");
  EXPECT_EQ(memory.bytes(memory.u64(modules + 32), memory.u64(modules + 40)), "second");
  EXPECT_EQ(memory.u64(modules) % 4096, 0u);
  EXPECT_GE(memory.u64(modules), 0x100000 + 2 * mib) << "not in the kernel's .bss";
  ASSERT_EQ(memory.u32(info + 48), 5u);
  const std::uint64_t map = memory.u64(info + 40) + 3 * 24;
  EXPECT_EQ(memory.u64(map), mib);
  EXPECT_EQ(memory.u64(map + 8), 63 * mib);
  EXPECT_EQ(memory.u32(map + 16), 1u);
}

TEST(Pvh, AnEntryPointOfEightBytes) {
  const std::string note = words({4, 8, 18}) + std::string("Xen\0", 4) + words({0x100020, 0});
  const auto p = plan_boot(kernel<Elf64Maker>(note), options(), ram_size);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->general.rip, 0x100020u);
}

TEST(Pvh, WhatCannotBeStarted) {
  const auto refusal = [](const std::string& note, LoadOptions o, std::uint64_t size = ram_size) {
    o.protocol = Protocol::Pvh;
    const auto p = plan_boot(kernel<Elf32Maker>(note), o, size);
    return p ? "accepted" : p.error();
  };
  EXPECT_EQ(refusal("", options()), "k is not a PVH kernel: it has no note with an entry point");
  EXPECT_THAT(refusal(words({4, 2, 18}) + std::string("Xen\0", 4) + "xx", options()), HasSubstr("not a PVH kernel"));
  EXPECT_THAT(refusal(pvh_note(0x400000), options()), HasSubstr("0x400000 is in none of its segments"));
  EXPECT_EQ(refusal(pvh_note(0x100000), options("", {module_of("big", std::string(2 * mib, 'x'))}), 4 * mib),
            "big does not fit the guest's memory beside the kernel: it has 2097152 bytes");
  EXPECT_THAT(refusal(pvh_note(0x100000), options(std::string(8 * mib, 'c')), 8 * mib), HasSubstr("no room"));
}

}  // namespace
}  // namespace gdbvm::boot

// Core files: which memory is where, what the notes hold, what the file looks like.
#include <elf.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/memory/page_tables.h"
#include "vmm/dump/core_file.h"
#include "vmm/dump/vmcoreinfo.h"
#include "vmm/x86/segments.h"

namespace gdbvm::dump {
namespace {

constexpr std::uint64_t mib = 1 << 20;

struct CoreMapTest : testing::Test, PageTables {
  CoreMapTest() {
    use_64(0x1000);
    put(0x1000, 511, 0x2000 | all);
    put(0x2000, 510, 0x3000 | all);
    put(0x3000, 0, 2 * mib | large | all);  // -2 GiB is physical 2 MiB
  }
  static constexpr std::uint64_t kernel = 0xffffffff80000000;

  CoreMap map_of(const std::vector<x86::SystemRegisters>& spaces, CoreWalk::Unmapped unmapped) {
    CoreWalk walk(memory, spaces, unmapped);
    for (pauses = 0; !walk.more(pause); ++pauses) {
    }
    return walk.take_map();
  }
  CoreMap mapped() { return map_of({system}, CoreWalk::Unmapped::LeaveOut); }
  std::function<bool()> pause = [] { return false; };
  unsigned pauses = 0;
};

TEST_F(CoreMapTest, WhatIsMappedAndTheRestInTheWindow) {
  const auto map = map_of({system}, CoreWalk::Unmapped::Window);
  EXPECT_THAT(map.segments,
              testing::ElementsAre(CoreSegment{kernel, {2 * mib}, 2 * mib}, CoreSegment{physical_window, {0}, 2 * mib},
                                   CoreSegment{physical_window + 4 * mib, {4 * mib}, 60 * mib}));
  EXPECT_EQ(mapped().segments.size(), 1u);
}

TEST_F(CoreMapTest, NeighboursJoinWhereBothAddressesDo) {
  put(0x3000, 1, 4 * mib | large | all);
  put(0x3000, 2, 10 * mib | large | all);
  const auto map = mapped();
  EXPECT_THAT(map.segments, testing::ElementsAre(CoreSegment{kernel, {2 * mib}, 4 * mib},
                                                 CoreSegment{kernel + 4 * mib, {10 * mib}, 2 * mib}));
}

TEST_F(CoreMapTest, OnlyRamCounts) {
  put(0x3000, 0, 62 * mib | large | all);
  put(0x3000, 1, 64 * mib | large | all);  // beyond its end
  const auto map = mapped();
  EXPECT_THAT(map.segments, testing::ElementsAre(CoreSegment{kernel, {62 * mib}, 2 * mib}));
}

TEST_F(CoreMapTest, TheFirstCpusViewHolds) {
  x86::SystemRegisters other = system;
  other.cr3 = 0x5000;
  put(0x5000, 511, 0x6000 | all);
  put(0x6000, 510, 0x7000 | all);
  put(0x7000, 0, 8 * mib | large | all);
  put(0x7000, 1, 20 * mib | large | all);
  const auto map = map_of({system, other}, CoreWalk::Unmapped::LeaveOut);
  EXPECT_THAT(map.segments, testing::ElementsAre(CoreSegment{kernel, {2 * mib}, 2 * mib},
                                                 CoreSegment{kernel + 2 * mib, {20 * mib}, 2 * mib}));
}

TEST_F(CoreMapTest, WithoutPagingMemoryIsWhereItIs) {
  system.cr0 = x86::cr0::pe;
  const auto map = map_of({system}, CoreWalk::Unmapped::Window);
  EXPECT_THAT(map.segments, testing::ElementsAre(CoreSegment{0, {0}, 64 * mib}));
}

// One table many times over, which is looked into eight times only.
TEST_F(CoreMapTest, AWalkInPiecesFindsTheSame) {
  for (std::uint64_t i = 0; i < 512; ++i) {
    put(0x3000, i, 0x4000 | all);
    put(0x4000, i, (i * 0x1000) | all);
  }
  const auto whole = mapped();
  pause = [asked = 0]() mutable { return ++asked % 2 == 0; };
  EXPECT_EQ(mapped().segments, whole.segments);
  EXPECT_GT(pauses, 8u);
  EXPECT_EQ(mapped().left_out, whole.left_out);
}

TEST_F(CoreMapTest, In32BitsOnlyWhatLiesBelowFourGib) {
  constexpr std::uint64_t gib = 1024 * mib;
  CoreMap map{{{0, {0}, mib}, {4 * gib - mib, {mib}, mib}, {4 * gib - mib, {mib}, mib + 1}, {0, {4 * gib}, mib}}};
  keep_32_bits(map);
  EXPECT_THAT(map.segments, testing::ElementsAre(CoreSegment{0, {0}, mib}, CoreSegment{4 * gib - mib, {mib}, mib}));
  EXPECT_EQ(map.left_out, 2u);
}

TEST(Vmcoreinfo, IsFoundAtTheStartOfAPage) {
  GuestMemory memory{4 * mib};
  const std::string text = "OSRELEASE=6.1.0\nPAGESIZE=4096\nKERNELOFFSET=1c000000\n";
  const auto place = [&](std::uint64_t at, std::string_view what) {
    memory.write({at}, {reinterpret_cast<const std::uint8_t*>(what.data()), what.size()});
  };
  const auto found = [&] {
    VmcoreinfoSearch search(memory);
    while (!search.more([] { return true; })) {
    }
    return search.text();
  };
  EXPECT_EQ(found(), "");
  place(0x2008, text);                               // somewhere in a page: a string in a program's memory
  place(0x4000, "OSRELEASE=");                       // a kernel's format string
  place(0x5000, "OSRELEASE=\x01\nPAGESIZE=4096\n");  // garbage
  EXPECT_EQ(found(), "");
  place(0x300000, text);
  EXPECT_EQ(found(), text);
}

struct Note {
  std::string name;
  std::uint32_t type;
  std::vector<std::uint8_t> content;
};
std::vector<Note> parse_notes(std::span<const std::uint8_t> bytes) {
  std::vector<Note> notes;
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  while (!bytes.empty()) {
    Elf64_Nhdr head;
    std::memcpy(&head, bytes.data(), sizeof head);
    const auto* name = reinterpret_cast<const char*>(bytes.data() + sizeof head);
    const auto content = bytes.subspan(sizeof head + padded(head.n_namesz), head.n_descsz);
    notes.push_back({name, head.n_type, {content.begin(), content.end()}});
    bytes = bytes.subspan(sizeof head + padded(head.n_namesz) + padded(head.n_descsz));
  }
  return notes;
}
std::uint64_t load(const Note& note, std::size_t offset, std::size_t size = 8) {
  std::uint64_t value = 0;
  std::memcpy(&value, &note.content.at(offset), size);
  return value;
}

CpuImage image(std::uint32_t id) {
  CpuImage cpu{id, {}, {}, {}, 1};
  cpu.general = {.rax = 0x11, .rsp = 0x7777, .r15 = 0x15, .rip = 0x1234, .rflags = 0x246};
  cpu.system.cs = x86::flat_code64();
  cpu.system.ss = x86::flat_data();
  cpu.system.fs.base = 0xf5;
  cpu.system.cr3 = 0xc3000;
  cpu.system.efer = x86::efer::lma;
  cpu.system.idt = {0x1d7, 0xfff};
  return cpu;
}

TEST(CoreNotes, OneSetForEachCpuThenTheKernels) {
  const CpuImage cpus[] = {image(1), image(2)};
  const auto notes = parse_notes(core_notes(cpus, CoreClass::Elf64, "OSRELEASE=6\n"));
  ASSERT_EQ(notes.size(), 7u);
  const std::string names[] = {"CORE", "CORE", "CORE", "CORE", "QEMU", "QEMU", "VMCOREINFO"};
  for (std::size_t i = 0; i < notes.size(); ++i) EXPECT_EQ(notes[i].name, names[i]);
  EXPECT_EQ(load(notes[2], 32, 4), 2u);  // pr_pid
  EXPECT_EQ(notes[1].type, std::uint32_t{NT_FPREGSET});
}

// Offsets as in <sys/user.h>'s user_regs_struct after 112 bytes.
TEST(CoreNotes, Registers64) {
  const CpuImage cpu = image(1);
  const auto notes = parse_notes(core_notes(std::span(&cpu, 1), CoreClass::Elf64, ""));
  ASSERT_EQ(notes[0].content.size(), 336u);
  EXPECT_EQ(load(notes[0], 112), 0x15u);           // r15
  EXPECT_EQ(load(notes[0], 112 + 10 * 8), 0x11u);  // rax
  EXPECT_EQ(load(notes[0], 112 + 16 * 8), 0x1234u);
  EXPECT_EQ(load(notes[0], 112 + 19 * 8), 0x7777u);
  EXPECT_EQ(load(notes[0], 112 + 21 * 8), 0xf5u);  // fs_base
}

TEST(CoreNotes, Registers32WithALinearPc) {
  CpuImage cpu = image(1);
  cpu.system = {};
  cpu.system.cs.base = 0xf0000;
  cpu.system.ss.base = 0x90000;
  const auto notes = parse_notes(core_notes(std::span(&cpu, 1), CoreClass::Elf32, ""));
  ASSERT_EQ(notes[0].content.size(), 144u);
  EXPECT_EQ(load(notes[0], 72 + 6 * 4, 4), 0x11u);      // eax
  EXPECT_EQ(load(notes[0], 72 + 12 * 4, 4), 0xf1234u);  // eip
  EXPECT_EQ(load(notes[0], 72 + 15 * 4, 4), 0x97777u);  // esp
  EXPECT_EQ(load(notes[1], 8 + 16 * 8), 0x1234u);       // QEMU's rip is the CPU's own
}

TEST(CoreNotes, QemusState) {
  const CpuImage cpu = image(1);
  const auto notes = parse_notes(core_notes(std::span(&cpu, 1), CoreClass::Elf64, ""));
  const Note& qemu = notes.back();
  ASSERT_EQ(qemu.name, "QEMU");
  EXPECT_EQ(load(qemu, 0, 4), 1u);
  EXPECT_EQ(load(qemu, 4, 4), qemu.content.size());
  EXPECT_EQ(load(qemu, 8), 0x11u);
  EXPECT_EQ(load(qemu, 8 + 18 * 8, 4), x86::flat_code64().selector);
  EXPECT_EQ(load(qemu, 8 + 18 * 8 + 8, 4), 0xa09b00u);
  EXPECT_EQ(load(qemu, 8 + 18 * 8 + 9 * 24 + 16), 0x1d7u);        // idt.base
  EXPECT_EQ(load(qemu, 8 + 18 * 8 + 10 * 24 + 3 * 8), 0xc3000u);  // cr3
}

TEST(CoreNotes, AvxComesAsXsave) {
  CpuImage cpu = image(1);
  cpu.xcr0 = 7;
  cpu.extended.bytes[576] = 0xaa;
  const auto notes = parse_notes(core_notes(std::span(&cpu, 1), CoreClass::Elf64, ""));
  ASSERT_EQ(notes[2].type, std::uint32_t{NT_X86_XSTATE});
  EXPECT_EQ(load(notes[2], 464), 7u);
  EXPECT_EQ(notes[2].content[576], 0xaa);
}

struct CoreFileTest : testing::Test {
  std::filesystem::path directory = std::filesystem::temp_directory_path() / fmt::format("gdbvm_core_{}", ::getpid());
  std::string path = directory / "core";
  GuestMemory memory{4 * mib};
  CoreFileTest() { std::filesystem::create_directory(directory); }
  ~CoreFileTest() override { std::filesystem::remove_all(directory); }

  gdbstub::Result<CoreFile> begin(std::span<const CoreSegment> segments, CoreClass core_class = CoreClass::Elf64) {
    auto core = CoreFile::beside(path, memory, [&](Gpa from, std::span<std::uint8_t> out) { memory.read(from, out); });
    if (!core) return core;
    if (const auto begun = core->write_headers({core_class, {1, 2, 3, 4}, segments}); !begun) {
      return std::unexpected(begun.error());
    }
    return core;
  }
  gdbstub::Result<> write(std::span<const CoreSegment> segments, CoreClass core_class = CoreClass::Elf64) {
    auto core = begin(segments, core_class);
    if (!core) return std::unexpected(core.error());
    for (;;) {
      const auto progress = core->more([] { return true; });
      if (!progress) return std::unexpected(progress.error());
      if (*progress == gdbstub::Progress::Done) return {};
    }
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
  }
  std::vector<std::uint8_t> file() {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(CoreFileTest, SegmentsLeadToTheBytes) {
  *memory.at({0x123456}, 1) = std::byte{0x42};
  const CoreSegment segments[] = {{0xffff800000000000, {0x100000}, mib}};
  ASSERT_TRUE(write(segments));
  const auto bytes = file();
  Elf64_Ehdr header;
  Elf64_Phdr programs[2];
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(programs, bytes.data() + header.e_phoff, sizeof programs);
  EXPECT_EQ(header.e_machine, EM_X86_64);
  EXPECT_EQ(header.e_phnum, 2);
  EXPECT_EQ(bytes[programs[0].p_offset + 3], 4);
  EXPECT_EQ(programs[1].p_vaddr, 0xffff800000000000u);
  EXPECT_EQ(programs[1].p_paddr, 0x100000u);
  EXPECT_EQ(bytes[programs[1].p_offset + 0x23456], 0x42);
  EXPECT_EQ(programs[1].p_align, 0u);  // by this crash distinguishes it from a netdump, which has no notes for it
}

TEST_F(CoreFileTest, ZeroPagesAreHoles) {
  *memory.at({3 * mib}, 1) = std::byte{1};
  ASSERT_TRUE(write({}));
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_GT(static_cast<std::uint64_t>(status.st_size), 4 * mib);
  EXPECT_LT(static_cast<std::uint64_t>(status.st_blocks) * 512, mib);
}

TEST_F(CoreFileTest, MoreSegmentsThanTheHeaderCounts) {
  std::vector<CoreSegment> segments;
  for (std::uint64_t i = 0; i < 70000; ++i) segments.push_back({i * 8192, {0}, 4096});
  ASSERT_TRUE(write(segments));
  const auto bytes = file();
  Elf64_Ehdr header;
  Elf64_Shdr section;
  std::memcpy(&header, bytes.data(), sizeof header);
  ASSERT_EQ(header.e_phnum, PN_XNUM);
  std::memcpy(&section, bytes.data() + header.e_shoff, sizeof section);
  EXPECT_EQ(section.sh_info, 70001u);
}

TEST_F(CoreFileTest, AFailureLeavesWhatWasThere) {
  ASSERT_TRUE(write({}));
  const auto before_it = file();
  *memory.at({0}, 1) = std::byte{1};
  // A limit on the file size simulates a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &none);
  EXPECT_FALSE(write({}));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(file(), before_it);
}

TEST_F(CoreFileTest, NothingIsLeftOfOneThatIsGivenUp) {
  {
    auto core = begin({});
    ASSERT_TRUE(core);
    EXPECT_EQ(core->more([] { return true; }), gdbstub::Progress::Unfinished);
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(CoreFileTest, OnlyACoreOfOursIsReplaced) {
  for (const CoreClass core_class : {CoreClass::Elf64, CoreClass::Elf32}) ASSERT_TRUE(write({}, core_class));
  auto foreign = file();
  std::fill(foreign.begin() + EI_PAD, foreign.begin() + EI_NIDENT, 0);  // as all other programs write them
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(foreign.data()), 1000);
  EXPECT_THAT(write({}).error().text, testing::EndsWith("it exists, and gdbvm did not write it"));
  EXPECT_EQ(std::filesystem::file_size(path), 1000u);
}

}  // namespace
}  // namespace gdbvm::dump

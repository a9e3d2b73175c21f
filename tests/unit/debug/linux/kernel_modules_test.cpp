// Modules in the memory of a made-up guest, hostile lists included, and what is reported of them to the debugger.
#include "vmm/debug/linux/kernel_modules.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/unit/debug/control/controlled_rig.h"
#include "tests/unit/symbols/btf_maker.h"
#include "tests/unit/symbols/module_maker.h"
#include "vmm/debug/control/debuggee.h"

namespace gdbvm {
namespace {

using namespace gdbstub;
using symbols::KernelAge;

constexpr std::uint64_t base = 0xffffffff81000000;  // of all the memory that exists
constexpr Gva list{base + 0x1000}, types{base + 0x10000};

// What the offsets are that symbols::module_types makes up, is said there.
class Kernel {
 public:
  static constexpr std::size_t size = 0x20000;
  explicit Kernel(KernelAge age) : age_(age) {
    const auto btf = symbols::module_types(age);
    types_end = types + btf.size();
    std::ranges::copy(btf, at(types.value));
    put(list.value, list.value);
  }
  std::uint8_t* at(std::uint64_t address) { return &memory_.at(address - base); }
  template <class T = std::uint64_t>
  void put(std::uint64_t address, T value) {
    std::memcpy(at(address), &value, sizeof value);
  }
  void put_text(std::uint64_t address, std::string_view text) { std::ranges::copy(text, at(address)); }

  // The next one in the list, with .text at `text` and .data after it. Returns struct module's address.
  std::uint64_t add(std::string_view name, std::uint64_t text, std::uint32_t state = 0) {
    const std::uint64_t module = base + 0x2000 + 0x800 * count_++, sections = module + 0x200;
    put(last_, module + 8);
    last_ = module + 8;
    put(last_, list.value);
    put<std::uint32_t>(module, state);
    put_text(module + 24, name);
    put(module + 200, sections);
    put_text(module + 0x700, ".text");
    put_text(module + 0x710, ".data");
    if (age_ == KernelAge::Counted) {
      put<std::uint32_t>(sections + 32, 2);
      for (unsigned i = 0; i < 2; ++i)
        put_section(sections + 40 + 48 * i, module + 0x700 + 16 * i, 40, text + 0x100 * i);
    } else {
      put(sections + 24, module + 0x600);
      for (unsigned i = 0; i < 2; ++i) {
        put(module + 0x600 + 8 * i, sections + 32 + 40 * i);
        put_section(sections + 32 + 40 * i, module + 0x700 + 16 * i, 24, text + 0x100 * i);
      }
    }
    return module;
  }
  ReadGuest reader() {
    return [this](Gva address, std::span<std::uint8_t> out) {
      ++reads;
      const std::uint64_t offset = address.value - base;
      if (offset > memory_.size() || out.size() > memory_.size() - offset) return false;
      std::copy_n(&memory_[offset], out.size(), out.begin());
      return true;
    };
  }
  std::optional<std::vector<LoadedModule>> loaded() {
    const auto layout = symbols::module_layout(*symbols::Btf::parse(symbols::module_types(age_)));
    return loaded_modules(*layout, list, reader(), [](const std::string& name) { return name != "without_a_file"; });
  }

  Gva types_end;
  std::size_t reads = 0;

 private:
  void put_section(std::uint64_t entry, std::uint64_t name, std::uint64_t address_offset, std::uint64_t address) {
    put(entry, name);
    put(entry + address_offset, address);
  }

  KernelAge age_;
  unsigned count_ = 0;
  std::uint64_t last_ = list.value;
  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(size);
};

TEST(LoadedModules, NamesAndSections) {
  for (const KernelAge age : {KernelAge::Counted, KernelAge::Listed}) {
    Kernel kernel(age);
    EXPECT_TRUE(kernel.loaded()->empty());
    kernel.add("loop", 0xffffffffc0400000);
    kernel.add("coming", 0xffffffffc0500000, 1);
    kernel.add("unformed", 0xffffffffc0600000, 3);
    kernel.add("last", 0xffffffffc0700000);
    const auto modules = kernel.loaded();
    ASSERT_TRUE(modules);
    ASSERT_EQ(modules->size(), 3u);
    EXPECT_EQ((*modules)[0].name, "loop");
    EXPECT_EQ((*modules)[1].name, "coming");
    EXPECT_EQ((*modules)[2].name, "last");
    const std::map<std::string, Gva> sections{{".text", {0xffffffffc0400000}}, {".data", {0xffffffffc0400100}}};
    EXPECT_EQ((*modules)[0].sections, sections);
  }
}

TEST(LoadedModules, EveryListEnds) {
  Kernel circle(KernelAge::Counted);
  const auto first = circle.add("a", 0), second = circle.add("b", 0);
  circle.put(second + 8, first + 8);  // not through the head
  EXPECT_EQ(circle.loaded()->size(), 2u);
  Kernel wild(KernelAge::Counted);
  wild.put(wild.add("a", 0) + 8, 0x10);
  EXPECT_EQ(wild.loaded()->size(), 1u);
  Kernel none(KernelAge::Counted);
  none.put(list.value, 0x10);
  EXPECT_TRUE(none.loaded()->empty());
  Kernel steps(KernelAge::Counted);  // a list that continues through all of memory
  for (std::uint64_t at = base; at + 16 < base + 0x10000; at += 8) steps.put(at, at + 8);
  ASSERT_TRUE(steps.loaded());
  EXPECT_LE(steps.loaded()->size(), 1000u);
}

TEST(LoadedModules, SectionsWithoutEnd) {
  Kernel counted(KernelAge::Counted);
  const auto module = counted.add("a", 0x1000);
  counted.put<std::uint32_t>(module + 0x200 + 32, 0xffffffff);
  EXPECT_TRUE(counted.loaded());
  EXPECT_LT(counted.reads, 20000u);
  counted.put(module + 200, 0);
  EXPECT_TRUE(counted.loaded()->front().sections.empty());
  counted.put(module + 200, 0x10);
  EXPECT_TRUE(counted.loaded()->front().sections.empty());
  Kernel listed(KernelAge::Listed);
  const auto its = listed.add("a", 0x1000);
  for (std::uint64_t at = its + 0x600; at < base + 0x10000; at += 8) listed.put(at, its + 0x220);
  EXPECT_EQ(listed.loaded()->front().sections.size(), 1u);
  EXPECT_LT(listed.reads, 20000u);
}

TEST(LoadedModules, ANameIsOneRead) {
  Kernel kernel(KernelAge::Counted);
  kernel.add("loop", 0x1000);
  EXPECT_EQ(kernel.loaded()->size(), 1u);
  // The head, the module's state, name, sections and successor, their count, and three for each of the two.
  EXPECT_EQ(kernel.reads, 12u);
  kernel.reads = 0;
  kernel.add("without_a_file", 0x1000);
  EXPECT_TRUE(kernel.loaded()->back().sections.empty());
  EXPECT_EQ(kernel.reads, 12u + 3);
  Kernel edge(KernelAge::Counted);  // names at the end of memory, with and without a page after them
  const auto module = edge.add("loop", 0x1000);
  edge.put_text(base + 0x1fffc, "last");
  edge.put(module + 0x200 + 40, base + 0x1fffc);
  edge.put_text(base + 0x1effe, "twins");
  edge.put(module + 0x200 + 88, base + 0x1effe);
  const auto loaded = edge.loaded();
  const auto& sections = loaded->front().sections;
  EXPECT_EQ(sections.size(), 2u);
  EXPECT_TRUE(sections.contains("last"));
  EXPECT_TRUE(sections.contains("twins"));
}

TEST(LoadedModules, SectionsAreBoundedInAll) {
  Kernel kernel(KernelAge::Counted);
  const auto module = kernel.add("a", 0x1000);
  kernel.put<std::uint32_t>(module + 0x200 + 32, 200);
  // 200 modules, all with the same 200 sections.
  std::uint64_t last = list.value;
  for (unsigned i = 0; i < 200; ++i) {
    const std::uint64_t each = base + 0x10000 + 0x100 * i;
    kernel.put(last, each + 8);
    last = each + 8;
    kernel.put(last, list.value);
    kernel.put<std::uint32_t>(each, 0);
    kernel.put_text(each + 24, std::string_view("a\0", 2));
    kernel.put(each + 200, module + 0x200);
  }
  kernel.reads = 0;
  EXPECT_EQ(kernel.loaded()->size(), 200u);
  EXPECT_LT(kernel.reads, 20'000u * 3 + 200 * 5 + 2);  // 200 times 200 would be twice as many
  EXPECT_GT(kernel.reads, 20'000u * 2);
}

// On the host: modules' files by name.
struct Files {
  Files() {
    const auto bytes = symbols::module_file();
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  }
  ~Files() { std::remove(path.c_str()); }
  std::string path = testing::TempDir() + fmt::format("kernel_modules_test_{}.ko", ::getpid());
};

auto list_of(KernelModules& modules, const ReadGuest& read) {
  modules.look(0, read);
  return modules.list();
}

TEST(KernelModules, AreLibrariesWithAnAddressForEachSectionOfTheFile) {
  const Files files;
  Kernel kernel(KernelAge::Counted);
  KernelModules modules({list, types, kernel.types_end, Gva{base + 0x40}, {{"loop", files.path}, {"bad", "/nowhere"}}});
  EXPECT_EQ(modules.library_point(), Gva{base + 0x40});
  kernel.add("loop", 0xffffffffc0400000);
  kernel.add("without_a_file", 0xffffffffc0500000);
  kernel.add("bad", 0xffffffffc0600000);
  const auto libraries = list_of(modules, kernel.reader());
  EXPECT_NE(modules.trouble().find("/nowhere"), std::string::npos) << modules.trouble();
  ASSERT_EQ(libraries.size(), 1u);
  EXPECT_EQ(libraries[0].file.name, files.path + "@0xffffffffc0400000");
  EXPECT_EQ(libraries[0].file.host_path, files.path);
  std::vector<std::uint64_t> addresses;
  for (const Address section : libraries[0].sections) addresses.push_back(section.value);
  // .modinfo is not in memory: it is placed after the module.
  EXPECT_EQ(addresses, (std::vector<std::uint64_t>{0xffffffffc0400000, 0xffffffffc0400100, 0xffffffffc0401000}));
}

TEST(KernelModules, AreAsTheyWereWhereNothingCanBeRead) {
  const Files files;
  Kernel kernel(KernelAge::Counted);
  KernelModules modules({list, types, kernel.types_end, {}, {{"loop", files.path}}});
  kernel.add("loop", 0xffffffffc0400000);
  const auto nothing = [](Gva, std::span<std::uint8_t>) { return false; };
  EXPECT_TRUE(list_of(modules, nothing).empty());
  EXPECT_NE(modules.trouble(), "");
  EXPECT_EQ(list_of(modules, kernel.reader()).size(), 1u);
  EXPECT_EQ(list_of(modules, nothing).size(), 1u);
  EXPECT_NE(modules.trouble(), "");
  modules.forget();
  EXPECT_TRUE(list_of(modules, nothing).empty());
}

// In the memory of a machine, and after a reset by anyone.
TEST(KernelModules, AreForgottenWhenTheGuestResets) {
  const Files files;
  Kernel kernel(KernelAge::Counted);
  kernel.add("loop", 0xffffffffc0400000);
  Rig rig(everything_works());
  Events events;
  constexpr std::uint64_t place = 0x200000;
  rig.map_kernel(base, place | 0x83);
  ASSERT_TRUE(kernel.reader()(Gva{base}, {rig.at(place), Kernel::size}));
  Debuggee debuggee(rig.machine,
                    {.features = x86::all_cpu_features(),
                     .probe = [] { return everything_works(); },
                     .quit = [] {},
                     .modules = KernelModules::Source{list, types, kernel.types_end, {}, {{"loop", files.path}}}},
                    [&](TargetEvent event) { events.post(std::move(event)); });
  EXPECT_EQ(debuggee.linux_guest().list_modules().size(), 1u);
  rig.cpu().then(exits::SystemEvent{exits::SystemEvent::Kind::Reset, 2});
  rig.cpu().then(exits::InternalError{});
  debuggee.run();
  EXPECT_TRUE(is<stop::Signalled>(events.next()));
  EXPECT_EQ(rig.cpu().resets, 1u);
  EXPECT_TRUE(debuggee.linux_guest().list_modules().empty());
}

TEST(KernelModules, TypesThatAreWrongAreLookedAtOnceInABoot) {
  const Files files;
  Kernel kernel(KernelAge::Counted);
  KernelModules modules({list, types, kernel.types_end, {}, {{"loop", files.path}}});
  kernel.add("loop", 0xffffffffc0400000);
  std::uint8_t& names_size = *kernel.at(types.value + 20);
  ++names_size;
  EXPECT_TRUE(list_of(modules, kernel.reader()).empty());
  const std::string trouble = modules.trouble();
  EXPECT_NE(trouble, "");
  --names_size;
  kernel.reads = 0;
  EXPECT_TRUE(list_of(modules, kernel.reader()).empty());
  EXPECT_EQ(modules.trouble(), trouble);
  EXPECT_EQ(kernel.reads, 0u);
  modules.forget();
  EXPECT_EQ(list_of(modules, kernel.reader()).size(), 1u);
}

TEST(KernelModules, MemoryFromBeforeTheKernelIsNotTakenForItsTypes) {
  const Files files;
  Kernel kernel(KernelAge::Counted);
  KernelModules modules({list, types, kernel.types_end, {}, {{"loop", files.path}}});
  kernel.add("loop", 0xffffffffc0400000);
  *kernel.at(types.value) = 0;
  EXPECT_TRUE(list_of(modules, kernel.reader()).empty());
  EXPECT_NE(modules.trouble(), "");
  *kernel.at(types.value) = 0x9f;
  EXPECT_EQ(list_of(modules, kernel.reader()).size(), 1u);
}

}  // namespace
}  // namespace gdbvm

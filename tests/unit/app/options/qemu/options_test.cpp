// The table of QEMU's options, and that docs/qemu.md is the same table.
#include "vmm/app/options/qemu/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

// Of a row such as "| `-hda FILE`, `-hdb FILE` | ...": hda and hdb.
std::vector<std::string> names_in(const std::string& row) {
  std::vector<std::string> names;
  const std::string cell = row.substr(0, row.find('|', 1));
  for (std::size_t at = 0; (at = cell.find("`-", at)) != cell.npos; ++at) {
    names.push_back(cell.substr(at + 2, cell.find_first_of(" `", at + 2) - at - 2));
  }
  return names;
}

// The verdict of each documented option: each has a heading of its own.
std::multimap<std::string, Verdict> documented() {
  std::multimap<std::string, Verdict> verdicts;
  std::ifstream file(GDBVM_DOCS "/qemu.md");
  Verdict verdict{};
  for (std::string line; std::getline(file, line);) {
    if (line == "## What works") verdict = Verdict::Works;
    if (line == "## What is accepted without a word") verdict = Verdict::Ignored;
    if (line == "## What is refused") verdict = Verdict::Refused;
    if (!line.starts_with("| `-")) continue;
    for (const std::string& name : names_in(line)) verdicts.emplace(name, verdict);
  }
  return verdicts;
}

TEST(QemuOptions, EachIsDocumentedOnceUnderItsVerdict) {
  const auto verdicts = documented();
  for (const Option& option : options()) {
    const std::string name(option.name);
    ASSERT_EQ(verdicts.count(name), 1u) << "-" << name;
    EXPECT_EQ(verdicts.find(name)->second, option.verdict) << "-" << name;
  }
  EXPECT_EQ(verdicts.size(), options().size());
}

TEST(QemuOptions, ARefusalIsASentenceThatBeginsWithTheOption) {
  for (const Option& option : options()) {
    if (option.verdict != Verdict::Refused) continue;
    const std::string word = "-" + std::string(option.name);
    EXPECT_EQ(added(option.has_value ? Arguments{word, "x"} : Arguments{word}),
              word + ": " + std::string(option.reason));
  }
}

TEST(QemuOptions, WhatIsIgnoredAddsNothing) {
  for (const Option& option : options()) {
    if (option.verdict != Verdict::Ignored) continue;
    const std::string word = "-" + std::string(option.name);
    EXPECT_EQ(added(option.has_value ? Arguments{word, "x"} : Arguments{word}), "");
  }
}

TEST(QemuOptions, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const Option& option : options()) EXPECT_TRUE(names.insert(option.name).second) << option.name;
}

struct Works {
  Arguments arguments;
  const char* words;
};
class WorksTest : public testing::TestWithParam<Works> {};

TEST_P(WorksTest, BecomesGdbvmsWords) { EXPECT_EQ(added(GetParam().arguments), GetParam().words); }

INSTANTIATE_TEST_SUITE_P(All, WorksTest,
                         testing::Values(Works{{"-initrd", "i"}, "--initrd=i"},
                                         Works{{"-initrd", "a x=1,b"}, "--initrd=a x=1 --initrd=b"},
                                         Works{{"-append", "-v x"}, "--append=-v x"}, Works{{"-append", ""}, ""},
                                         Works{{"-bios", "b"}, "--bios=b"}, Works{{"-nographic"}, ""},
                                         Works{{"-curses"}, "--display=terminal"}, Works{{"-no-reboot"}, "--no-reboot"},
                                         Works{{"-version"}, "--version"}));

// As the Makefiles of courses ask: grep -q '^-gdb', and '^-D '.
TEST(QemuOptions, HelpListsWhatIsNotRefusedAtTheStartOfLines) {
  EXPECT_THROW(added({"-help"}), HelpAsked);
  EXPECT_THAT(help_text(), testing::AllOf(testing::HasSubstr("\n-gdb VALUE\n"), testing::HasSubstr("\n-D VALUE\n"),
                                          testing::HasSubstr("\n-cpu VALUE (ignored)\n")));
  EXPECT_THAT(help_text(), testing::Not(testing::HasSubstr("\n-netdev")));
}

}  // namespace
}  // namespace gdbvm::qemu

// What firmware reads about the machine's memory and tables.
#include "vmm/machine/firmware_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace gdbvm {
namespace {

constexpr std::uint64_t mib = 1 << 20, gib = std::uint64_t{1} << 30;

std::vector<std::uint8_t> file(const FirmwareNeeds& needs, const std::string& name) {
  const auto files = firmware_files(needs);
  const auto found = std::ranges::find(files, name, &FwCfg::File::name);
  return found == files.end() ? std::vector<std::uint8_t>{} : found->bytes;
}

struct Range {
  std::uint64_t start, size;
  std::uint32_t kind;
  bool operator==(const Range&) const = default;
};

std::vector<Range> e820(std::uint64_t memory) {
  const auto bytes = file({.memory = memory}, "etc/e820");
  std::vector<Range> ranges;
  for (std::size_t at = 0; at < bytes.size(); at += 20) {
    Range range{};
    std::memcpy(&range, &bytes.at(at), 20);
    ranges.push_back(range);
  }
  return ranges;
}

TEST(FirmwareFiles, MapTheMemory) {
  const Range kvm{0xfeffc000, 0x4000, 2};
  EXPECT_EQ(e820(64 * mib), (std::vector<Range>{{0, 64 * mib, 1}, kvm}));
  EXPECT_EQ(e820(5 * gib), (std::vector<Range>{{0, 3 * gib, 1}, kvm, {4 * gib, 2 * gib, 1}}));
}

TEST(FirmwareFiles, HaveTheAcpiTables) {
  EXPECT_EQ(file({.memory = mib}, "etc/acpi/rsdp").size(), 36u);
  EXPECT_GT(file({.cpus = 20, .memory = mib}, "etc/acpi/tables").size(),
            file({.cpus = 1, .memory = mib}, "etc/acpi/tables").size());
  EXPECT_FALSE(file({.memory = mib}, "etc/table-loader").empty());
}

}  // namespace
}  // namespace gdbvm

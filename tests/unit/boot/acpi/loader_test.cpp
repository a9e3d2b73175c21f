// A firmware that carries out the script has the tables that gdbvm itself would place.
#include "vmm/boot/acpi/loader.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <numeric>
#include <string>

namespace gdbvm::boot::acpi {
namespace {

using Bytes = std::vector<std::uint8_t>;

// As SeaBIOS's romfile_loader.c does it.
class Firmware {
 public:
  explicit Firmware(const LoadableTables& loadable) {
    files_[root_pointer_file] = {0, loadable.root_pointer};
    files_[tables_file] = {0, loadable.tables};
    EXPECT_EQ(loadable.script.size() % 128, 0u);
    for (std::size_t at = 0; at + 128 <= loadable.script.size(); at += 128) run(&loadable.script[at]);
  }
  const Bytes& file(const char* name) { return files_.at(name).bytes; }
  std::uint64_t address(const char* name) { return files_.at(name).address; }

 private:
  struct File {
    std::uint64_t address;
    Bytes bytes;
  };
  static std::uint32_t word(const std::uint8_t* command, std::size_t offset) {
    std::uint32_t value = 0;
    std::memcpy(&value, command + offset, sizeof value);
    return value;
  }
  void run(const std::uint8_t* command) {
    File& file = files_.at(reinterpret_cast<const char*>(command + 4));
    switch (word(command, 0)) {
      case 1: {
        const bool low = command[64] == 2;
        file.address = low ? 0xf5a40 : 0x3ff0000;
        EXPECT_EQ(file.address % word(command, 60), 0u);
        break;
      }
      case 2: {
        std::uint64_t value = 0;
        std::uint8_t* const at = &file.bytes.at(word(command, 116));
        std::memcpy(&value, at, command[120]);
        value += files_.at(reinterpret_cast<const char*>(command + 60)).address;
        std::memcpy(at, &value, command[120]);
        break;
      }
      case 3: {
        const auto first = file.bytes.begin() + word(command, 64);
        const unsigned sum = std::accumulate(first, first + word(command, 68), 0u);
        file.bytes.at(word(command, 60)) -= static_cast<std::uint8_t>(sum);
        break;
      }
      default:
        FAIL() << word(command, 0);
    }
  }
  std::map<std::string, File> files_;
};

TEST(AcpiLoader, PutsTheTablesWhereTheFirmwareHasRoom) {
  constexpr Hardware hardware{.cpus = 5, .virtio_devices = 2};
  Firmware firmware(loadable_tables(hardware));
  const Gpa base{firmware.address(tables_file)};
  ASSERT_NE(base.value, 0u);
  EXPECT_NE(firmware.address(root_pointer_file), 0u);
  Bytes expected = tables(hardware, base);
  EXPECT_EQ(firmware.file(root_pointer_file), Bytes(expected.begin(), expected.begin() + root_pointer_size));
  std::fill_n(expected.begin(), root_pointer_size, std::uint8_t{0});
  EXPECT_EQ(firmware.file(tables_file), expected);
}

}  // namespace
}  // namespace gdbvm::boot::acpi

// The tables as a kernel finds them: from the root pointer on, every checksum and pointer right, and what they say.
#include "vmm/boot/acpi/tables.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include "vmm/boot/acpi/layouts.h"
#include "vmm/boot/little_endian.h"
#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot::acpi {
namespace {

constexpr std::uint64_t base = 0xe0000;
using Bytes = std::span<const std::uint8_t>;

unsigned sum(Bytes bytes) { return std::accumulate(bytes.begin(), bytes.end(), 0u) & 0xff; }

// The memory that holds the tables, read as a kernel reads it.
class Memory {
 public:
  explicit Memory(unsigned cpus, unsigned virtio_devices = 0) : bytes_(tables({cpus, virtio_devices}, {base})) {}
  template <class T>
  T at(std::uint64_t address) const {
    return *load<T>(bytes_, address - base);
  }
  Bytes table(std::uint64_t address) const { return Bytes(bytes_).subspan(address - base, at<Header>(address).length); }
  std::string signature(std::uint64_t address) const { return {at<Header>(address).signature, 4}; }
  std::uint64_t find(const std::string& wanted) const {
    const auto xsdt = at<RootPointer>(base).xsdt;
    for (std::uint64_t at_entry = sizeof(Header); at_entry < table(xsdt).size(); at_entry += 8) {
      const auto address = at<std::uint64_t>(xsdt + at_entry);
      if (signature(address) == wanted) return address;
    }
    return 0;
  }
  std::size_t size() const { return bytes_.size(); }
  Bytes bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

TEST(AcpiTables, TheRootPointerIsSound) {
  const Memory memory(1);
  const auto root = memory.at<RootPointer>(base);
  EXPECT_EQ(std::string(root.signature, 8), "RSD PTR ");
  EXPECT_EQ(sum(memory.bytes().first(20)), 0u);
  EXPECT_EQ(sum(memory.bytes().first(36)), 0u);
  EXPECT_EQ(memory.signature(root.xsdt), "XSDT");
  EXPECT_EQ(memory.signature(root.rsdt), "RSDT");
  for (const std::uint64_t entry : {0, 1}) {
    EXPECT_EQ(memory.at<std::uint32_t>(root.rsdt + sizeof(Header) + 4 * entry),
              memory.at<std::uint64_t>(root.xsdt + sizeof(Header) + 8 * entry));
  }
}

TEST(AcpiTables, EveryChecksumIsZero) {
  const Memory memory(3);
  const auto root = memory.at<RootPointer>(base);
  for (const std::uint64_t address : {std::uint64_t{root.rsdt}, root.xsdt, memory.find("FACP"), memory.find("APIC"),
                                      memory.at<FixedDescription>(memory.find("FACP")).x_dsdt}) {
    EXPECT_EQ(sum(memory.table(address)), 0u) << memory.signature(address);
  }
}

TEST(AcpiTables, TheFadtNamesTheMachinesRegisters) {
  const Memory memory(1);
  const auto fadt = memory.at<FixedDescription>(memory.find("FACP"));
  EXPECT_EQ(auto(fadt.dsdt), auto(fadt.x_dsdt));
  EXPECT_EQ(memory.signature(fadt.x_dsdt), "DSDT");
  EXPECT_EQ(std::string(memory.at<FirmwareControl>(fadt.facs).signature, 4), "FACS");
  EXPECT_EQ(fadt.facs % 64, 0u);
  EXPECT_EQ(auto(fadt.pm1a_event), 0x600u);
  EXPECT_EQ(auto(fadt.pm1a_control), 0x604u);
  EXPECT_EQ(auto(fadt.pm_timer), 0x608u);
  EXPECT_EQ(auto(fadt.x_pm1a_control.address), 0x604u);
  EXPECT_EQ(auto(fadt.reset_register.space), 1);
  EXPECT_EQ(auto(fadt.reset_register.address), 0xcf9u);
  EXPECT_EQ(auto(fadt.reset_value), 6);
  EXPECT_TRUE(fadt.flags & 1 << 10) << "otherwise nobody uses the reset register";
  EXPECT_TRUE(fadt.flags & 1 << 8) << "else the timer has 24 bits";
}

TEST(AcpiTables, TheMadtListsEveryCpu) {
  for (const unsigned cpus : {1u, 2u, 255u}) {
    const Memory memory(cpus, x86::wiring::virtio_most);
    const auto madt = memory.find("APIC");
    EXPECT_EQ(memory.at<InterruptControllers>(madt).local_apic, 0xfee00000u);
    unsigned seen = 0, io_apics = 0, overrides = 0, nmis = 0;
    for (std::uint64_t at = sizeof(InterruptControllers); at < memory.table(madt).size();) {
      const auto entry = memory.at<LocalApic>(madt + at);
      if (entry.type == 0) {
        EXPECT_EQ(entry.apic_id, seen++);
        EXPECT_EQ(entry.flags, 1u);
      }
      io_apics += entry.type == 1 && memory.at<IoApic>(madt + at).address == 0xfec00000;
      overrides += entry.type == 2 && memory.at<SourceOverride>(madt + at).gsi == 9;
      nmis += entry.type == 4 && memory.at<LocalApicNmi>(madt + at).lint == 1;
      ASSERT_GT(entry.length, 0);
      at += entry.length;
    }
    EXPECT_EQ(seen, cpus);
    EXPECT_EQ(io_apics, 1u);
    EXPECT_EQ(overrides, 1u);
    EXPECT_EQ(nmis, 1u);
    EXPECT_LE(memory.size(), x86::layout::firmware_tables_end - x86::layout::firmware_tables);
  }
}

TEST(AcpiTables, AreNotPutOnAnImage) {
  BootPlan plan;
  RamPlan free(16 << 20);
  EXPECT_EQ(place_tables(plan, free, {}), Gpa{base});
  ASSERT_EQ(plan.placements.size(), 1u);
  EXPECT_EQ(plan.placements[0].start, Gpa{base});
  EXPECT_NE(free.find(16, 16, {base + 0x8000}, UINT64_MAX), Gpa{base + 0x8000});

  RamPlan taken(16 << 20), none(512 << 10);
  taken.reserve({0xeffff}, 1);
  EXPECT_EQ(place_tables(plan, taken, {}), std::nullopt);
  EXPECT_EQ(place_tables(plan, none, {}), std::nullopt);
  EXPECT_EQ(plan.placements.size(), 1u);
}

// The reference compiler reads the DSDT back.
TEST(AcpiTables, TheDisassemblerUnderstandsTheDsdt) {
  if (std::system("command -v iasl >/dev/null") != 0) GTEST_SKIP() << "there is no iasl (package acpica-tools)";
  const Memory memory(1, 3);
  const auto dsdt = memory.table(memory.at<FixedDescription>(memory.find("FACP")).x_dsdt);
  std::string folder = testing::TempDir() + "gdbvm_acpi_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/dsdt.aml", std::ios::binary)
      .write(reinterpret_cast<const char*>(dsdt.data()), static_cast<std::streamsize>(dsdt.size()));
  EXPECT_EQ(std::system(("iasl -d " + folder + "/dsdt.aml >" + folder + "/log 2>&1").c_str()), 0);
  std::ifstream text(folder + "/dsdt.dsl");
  const std::string source{std::istreambuf_iterator<char>(text), {}};
  std::filesystem::remove_all(folder);
  for (const char* expected :
       {"Name (\\_S5", "Device (COM1)", "EisaId (\"PNP0501\")", "0x03F8,", "IRQNoFlags ()", "Device (COM2)", "0x02F8,",
        "{3}", "Device (RTC)", "EisaId (\"PNP0B00\")", "EisaId (\"PNP0303\")", "EisaId (\"PNP0F13\")", "Device (VIO2)",
        "\"LNRO0005\"", "0xD0000400,", "0x00000012,"}) {
    EXPECT_NE(source.find(expected), std::string::npos) << expected << "\n" << source;
  }
}

}  // namespace
}  // namespace gdbvm::boot::acpi

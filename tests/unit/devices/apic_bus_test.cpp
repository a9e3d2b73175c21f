// The routing of messages among local APICs.
#include "vmm/devices/apic_bus.h"

#include <gtest/gtest.h>

#include <vector>

namespace gdbvm {
namespace {

namespace lapic = x86::lapic;
using enum DeliveryMode;

class ApicBusTest : public testing::Test {
 protected:
  static constexpr std::uint8_t vector = 0x50;
  std::vector<LocalApic> apics_;

  ApicBusTest() {
    for (std::uint8_t id = 0; id < 4; ++id) {
      apics_.emplace_back(id, id == 0);
      set(id, lapic::spurious, 0x1ff);
      set(id, lapic::logical_destination, 1u << (24 + id));
    }
  }
  void set(std::size_t cpu, unsigned offset, std::uint32_t value) { apics_[cpu].write(offset, value, {}); }
  // A digit for each CPU that was reached, the last for CPU 0.
  std::string deliver(const ApicMessage& message, std::optional<std::size_t> sender = {}) {
    return apic_bus::deliver(message, apics_, sender).to_string().substr(apic_bus::most_cpus - 4);
  }
};

TEST_F(ApicBusTest, APhysicalDestinationIsOneCpu) {
  EXPECT_EQ(deliver({.destination = 2, .vector = vector}), "0100");
  EXPECT_EQ(apics_[2].pending(), vector);
  EXPECT_EQ(apics_[1].pending(), std::nullopt);
  EXPECT_EQ(deliver({.destination = 0xff, .vector = vector}), "1111");
  EXPECT_EQ(deliver({.destination = 9, .vector = vector}), "0000");
}

TEST_F(ApicBusTest, ALogicalDestinationIsASet) {
  EXPECT_EQ(deliver({.destination = 0b1010, .destination_mode = DestinationMode::Logical, .vector = vector}), "1010");
}

TEST_F(ApicBusTest, ShorthandsAreRelativeToTheSender) {
  const auto to = [&](DestinationShorthand shorthand) {
    return deliver({.destination = 3, .shorthand = shorthand, .vector = vector}, 1);
  };
  EXPECT_EQ(to(DestinationShorthand::None), "1000");
  EXPECT_EQ(to(DestinationShorthand::Self), "0010");
  EXPECT_EQ(to(DestinationShorthand::AllIncludingSelf), "1111");
  EXPECT_EQ(to(DestinationShorthand::AllExcludingSelf), "1101");
}

TEST_F(ApicBusTest, TheLeastBusyTakesALowestPriorityMessage) {
  const ApicMessage message{.destination = 0b1110,
                            .destination_mode = DestinationMode::Logical,
                            .delivery_mode = LowestPriority,
                            .vector = vector};
  EXPECT_EQ(deliver(message), "0010");
  set(1, lapic::task_priority, 0x60);
  EXPECT_EQ(deliver(message), "0100");
  EXPECT_EQ(deliver(message), "1000");  // CPU 2 has that request now
  set(1, lapic::task_priority, 0);
  set(1, lapic::spurious, 0xff);
  EXPECT_EQ(deliver(message), "0100");
}

TEST_F(ApicBusTest, ADisabledApicIsNotReachedByAVectorButByAnInit) {
  set(2, lapic::spurious, 0xff);
  EXPECT_EQ(deliver({.destination = 2, .vector = vector}), "0000");
  EXPECT_EQ(deliver({.destination = 2, .delivery_mode = Init}), "0100");
  EXPECT_TRUE(apics_[2].take_signals().init);
}

TEST_F(ApicBusTest, OneCpuStartsTheOthers) {
  const auto command = [&](std::uint32_t low) {
    return deliver(*apics_[0].write(lapic::command_low, low, {}).message, 0);
  };
  EXPECT_EQ(command(0xc4500), "1110");
  EXPECT_EQ(command(0xc4608), "1110");
  EXPECT_EQ(apics_[3].take_signals().start_up, 8);
  EXPECT_FALSE(apics_[0].has_signals());
}

TEST_F(ApicBusTest, TwoHundredFiftyFiveCpusAreReached) {
  std::vector<LocalApic> apics;
  for (unsigned id = 0; id < apic_bus::most_cpus; ++id) apics.emplace_back(static_cast<std::uint8_t>(id), id == 0);
  EXPECT_EQ(apic_bus::deliver({.destination = 0xff, .delivery_mode = Nmi}, apics).count(), 255u);
  EXPECT_TRUE(apic_bus::deliver({.destination = 254, .delivery_mode = Nmi}, apics).test(254));
}

TEST_F(ApicBusTest, NoCpusAreNotReached) { EXPECT_TRUE(apic_bus::deliver({.destination = 0xff}, {}).none()); }

}  // namespace
}  // namespace gdbvm

// The local APIC's error register, and what may be written to the others.
#include "tests/unit/devices/local_apic_fixture.h"

namespace gdbvm {
namespace {

using LocalApicErrorsTest = LocalApicTest;

constexpr std::uint32_t send_illegal = 0x20, receive_illegal = 0x40, illegal_register = 0x80;

TEST_F(LocalApicErrorsTest, ErrorsShowOnceTheRegisterIsWritten) {
  set(lapic::command_low, 15);
  get(0x50);
  EXPECT_EQ(get(lapic::errors), 0u);
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), send_illegal | illegal_register);
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), 0u);
}

TEST_F(LocalApicErrorsTest, AnIllegalVectorIsNeitherSentNorRequested) {
  EXPECT_FALSE(set(lapic::command_low, 15).message);
  EXPECT_TRUE(set(lapic::command_low, 16).message);
  EXPECT_TRUE(set(lapic::command_low, nmi).message);
  EXPECT_TRUE(request(15)) << "the error may interrupt";
  EXPECT_EQ(apic_.pending(), std::nullopt);
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), send_illegal | receive_illegal);
}

TEST_F(LocalApicErrorsTest, AnIllegalLocalVectorIsAnErrorToo) {
  set(lapic::lvt_lint1, 3);
  apic_.set_lint(1, true);
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), receive_illegal);
}

TEST_F(LocalApicErrorsTest, AnErrorInterruptsOnceUntilTheRegisterIsWritten) {
  set(lapic::lvt_error, 0x50);
  request(15);
  EXPECT_EQ(apic_.acknowledge(), 0x50);
  end_of_interrupt();
  request(15);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  set(lapic::errors, 0);
  request(15);
  EXPECT_EQ(apic_.pending(), 0x50);
}

TEST_F(LocalApicErrorsTest, AnErrorInterruptWithAnIllegalVectorEnds) {
  set(lapic::lvt_error, 0);
  request(15);
  EXPECT_EQ(apic_.pending(), std::nullopt);
}

TEST_F(LocalApicErrorsTest, PlacesWithoutARegisterAreErrorsAndReadAsZero) {
  for (const unsigned offset : {0x00u, 0x24u, 0x2f0u, 0x3f0u, 0x400u, 0xff0u}) {
    set(lapic::errors, 0);
    set(offset, 1);
    set(lapic::errors, 0);
    EXPECT_EQ(get(lapic::errors), illegal_register) << offset;
    set(lapic::errors, 0);
    EXPECT_EQ(get(offset), 0u);
    set(lapic::errors, 0);
    EXPECT_EQ(get(lapic::errors), illegal_register) << offset;
  }
}

TEST_F(LocalApicErrorsTest, EachEntryOfTheLocalVectorTableHasItsWritableBits) {
  const std::pair<unsigned, std::uint32_t> writable[] = {
      {lapic::lvt_timer, 0x700ff}, {lapic::lvt_thermal, 0x107ff}, {lapic::lvt_performance, 0x107ff},
      {lapic::lvt_lint0, 0x1a7ff}, {lapic::lvt_lint1, 0x1a7ff},   {lapic::lvt_error, 0x100ff}};
  for (const auto& [offset, bits] : writable) {
    set(offset, 0xffffffff);
    EXPECT_EQ(get(offset), bits) << offset;
  }
}

TEST_F(LocalApicErrorsTest, ReadOnlyRegistersStay) {
  for (const unsigned offset : {lapic::version, lapic::processor_priority, lapic::arbitration_priority,
                                lapic::in_service + 0x10, lapic::trigger_mode, lapic::requests, lapic::timer_current}) {
    const std::uint32_t before = get(offset);
    set(offset, 0xffffffff);
    EXPECT_EQ(get(offset), before) << offset;
  }
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), 0u);
}

}  // namespace
}  // namespace gdbvm

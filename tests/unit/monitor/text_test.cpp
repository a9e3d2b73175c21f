// What the decoders print for registers and CPUID leaves that no fake machine has.
#include <gmock/gmock.h>

#include "vmm/monitor/cpuid_text.h"
#include "vmm/monitor/interrupt_text.h"
#include "vmm/monitor/timer_text.h"

namespace gdbvm::monitor {
namespace {

using testing::HasSubstr;

TEST(LapicText, EntriesTimerAndVectors) {
  x86::LocalApicRegisters apic;
  const auto set = [&](unsigned offset, std::uint32_t value) { apic.words[offset / 4] = value; };
  set(x86::lapic::lvt_lint0, 0x700);
  set(x86::lapic::lvt_timer, 0x200ec);
  set(x86::lapic::timer_divide, 0xb);
  set(x86::lapic::timer_initial, 1000);
  set(x86::lapic::spurious, 0x1ff);
  set(x86::lapic::requests + 0x10, 1u << 3);
  set(x86::lapic::trigger_mode + 0x10, 1u << 3);
  set(x86::lapic::command_low, 0xc00f9);
  const std::string text = lapic_text(apic, {1});
  EXPECT_THAT(text, HasSubstr("dumping local APIC state for CPU 1"));
  EXPECT_THAT(text, HasSubstr("LVT0\t 0x00000700 active-hi edge                              ExtINT (vec 0)\n"));
  EXPECT_THAT(text, HasSubstr("LVTT\t 0x000200ec active-hi edge                 periodic     Fixed  (vec 236)\n"));
  EXPECT_THAT(text, HasSubstr("DCR=0xb (divide by 1) initial_count = 1000 current_count = 0\n"));
  EXPECT_THAT(text, HasSubstr("SPIV\t 0x000001ff APIC enabled, focus=off, spurious vec 255\n"));
  EXPECT_THAT(text, HasSubstr("ISR\t (none)\nIRR\t 35(level) \n"));
  EXPECT_THAT(text, HasSubstr("ICR\t 0x000c00f9 physical edge de-assert all\n"));
}

TEST(IoApicText, Pins) {
  x86::IoApicRegisters apic;
  apic.redirection.fill(0x10000);
  apic.redirection[4] = std::uint64_t{1} << 56 | 0xa824;
  apic.requests = 1u << 4;
  const std::string text = io_apic_text(apic);
  EXPECT_THAT(text, HasSubstr("  pin 4  0x010000000000a824 dest=1 vec=36  active-lo level        Fixed  logical\n"));
  EXPECT_THAT(text, HasSubstr("  pin 23 0x0000000000010000 dest=0 vec=0   active-hi edge  masked Fixed  physical\n"));
  EXPECT_THAT(text, HasSubstr("  IRR      4\n  Remote IRR (none)\n"));
}

TEST(PicText, OneLine) {
  x86::PicRegisters pic;
  pic.mask = 0xb8;
  pic.vector_base = 0x30;
  EXPECT_EQ(pic_text(pic, "pic0"), "pic0: irr=00 imr=b8 isr=00 hprio=0 irq_base=30 rr_sel=0 elcr=00 fnm=0\n");
}

TEST(LineText, WhatEachControllerMakesOfARise) {
  x86::InterruptControllers chips;
  chips.master.vector_base = 0x20;
  chips.slave.vector_base = 0x28;
  chips.io_apic.redirection.fill(0x10000);
  EXPECT_EQ(line_text(chips, 4), "line 4: PIC vector 36, I/O APIC masked\n");
  EXPECT_EQ(line_text(chips, 12), "line 12: PIC vector 44, I/O APIC masked\n");
  EXPECT_EQ(line_text(chips, 2), "line 2: I/O APIC masked\n");
  chips.io_apic.redirection[20] = 0x51;
  EXPECT_EQ(line_text(chips, 20), "line 20: I/O APIC vector 81\n");
  chips.io_apic.redirection[12] = 0x400;
  chips.slave.level_triggered = 1 << 4;
  EXPECT_EQ(line_text(chips, 12), "line 12: PIC level-triggered, which drops a pulse, I/O APIC NMI\n");
  chips.master.mask = 1 << 2 | 1 << 4;
  EXPECT_EQ(line_text(chips, 4), "line 4: PIC masked, I/O APIC masked\n");
  EXPECT_EQ(line_text(chips, 12), "line 12: PIC masked, I/O APIC NMI\n");
}

TEST(IntervalTimerText, ALineForEachChannel) {
  x86::IntervalTimerRegisters timer{};
  timer.channels[0] = {.mode = 2,
                       .access = 3,
                       .decimal = false,
                       .reload = 1193,
                       .count = 17,
                       .counting = true,
                       .gate = true,
                       .out = true};
  timer.channels[2] = {.mode = 3,
                       .access = 1,
                       .decimal = true,
                       .reload = 0x1000,
                       .count = 0x20,
                       .counting = false,
                       .gate = false,
                       .out = false};
  timer.control_b = 0x12;
  timer.until_event = std::chrono::nanoseconds(14'250);
  const std::string text = interval_timer_text(timer);
  EXPECT_THAT(text, HasSubstr("pit0: mode=2 (rate generator), both bytes, reload=1193 count=17, gate=1 out=1\n"));
  EXPECT_THAT(text, HasSubstr("pit2: mode=3 (square wave), low byte, decimal, reload=1000 count=0020 (stopped), "
                              "gate=0 out=0\n"));
  EXPECT_THAT(text, HasSubstr("port 0x61: 0x12\nnext interrupt in 14.2 us\n"));
  timer.until_event.reset();
  EXPECT_THAT(interval_timer_text(timer), HasSubstr("no interrupt is to come\n"));
}

TEST(CpuidText, VendorFeaturesAndBrand) {
  const x86::CpuidEntry entries[] = {
      {.function = 0, .eax = 0xd, .ebx = 0x756e6547, .ecx = 0x6c65746e, .edx = 0x49656e69},
      {.function = 1, .eax = 0x000306c3, .ebx = 0x02000000, .ecx = 1u << 31 | 1, .edx = 1u << 25},
      {.function = 0x80000002, .eax = 0x65746e49, .ebx = 0x6c},
  };
  EXPECT_EQ(cpuid_text(entries),
            "00000000 00: eax=0000000d ebx=756e6547 ecx=6c65746e edx=49656e69\n"
            "    vendor GenuineIntel, leaves up to 0xd\n"
            "00000001 00: eax=000306c3 ebx=02000000 ecx=80000001 edx=02000000\n"
            "    family 0x6, model 0x3c, stepping 3, APIC ID 2: sse sse3 hypervisor\n"
            "80000002 00: eax=65746e49 ebx=0000006c ecx=00000000 edx=00000000\n"
            "    brand \"Intel\"\n");
}

}  // namespace
}  // namespace gdbvm::monitor

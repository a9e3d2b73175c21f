// Invariants of every boot plan: placements are inside RAM and disjoint, and the GDT in memory matches the segments.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/segments.h"

namespace gdbvm::boot {

inline void expect_disjoint(const BootPlan& plan, std::uint64_t ram_size) {
  const RamPlan ram(ram_size);
  auto placements = plan.placements;
  std::ranges::sort(placements, {}, &Placement::start);
  for (std::size_t i = 0; i < placements.size(); ++i) {
    EXPECT_TRUE(ram.is_ram(placements[i].start, placements[i].bytes.size()));
    if (i > 0) {
      EXPECT_LE(placements[i - 1].start + placements[i - 1].bytes.size(), placements[i].start);
    }
  }
}

// The descriptor that `segment` would be loaded from.
inline void expect_descriptor(const BootPlan& plan, const x86::Segment& segment) {
  for (const Placement& p : plan.placements) {
    if (p.start.value != plan.system.gdt.base) continue;
    std::uint64_t descriptor = 0;
    ASSERT_LE(segment.selector + 8u, p.bytes.size());
    ASSERT_LE(segment.selector + 7u, plan.system.gdt.limit);
    std::memcpy(&descriptor, p.bytes.data() + segment.selector, 8);
    EXPECT_EQ(descriptor, x86::encode_descriptor(segment));
    return;
  }
  FAIL() << "no GDT in the plan";
}

inline void expect_sound(const BootPlan& plan, std::uint64_t ram_size) {
  expect_disjoint(plan, ram_size);
  for (const auto* s : {&plan.system.cs, &plan.system.ds, &plan.system.ss, &plan.system.gs, &plan.system.tr}) {
    expect_descriptor(plan, *s);
  }
}

}  // namespace gdbvm::boot

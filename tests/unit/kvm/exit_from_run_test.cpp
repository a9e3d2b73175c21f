// kvm_run as the kernel may leave it, and the exit made from it: no value in it is trusted.
#include "vmm/kvm/exit_from_run.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {
namespace {

struct RunPage {
  alignas(kvm_run) std::array<std::uint8_t, 8192> bytes{};
  kvm_run& run() { return *reinterpret_cast<kvm_run*>(bytes.data()); }
  Exit exit(std::uint32_t reason) {
    run().exit_reason = reason;
    return exit_from(run(), bytes.size());
  }
};

TEST(ExitFromRun, IoPointsIntoThePage) {
  RunPage page;
  page.run().io.direction = KVM_EXIT_IO_IN;
  page.run().io.size = 2;
  page.run().io.port = 0x3f8;
  page.run().io.count = 3;
  page.run().io.data_offset = 4096;
  page.bytes[4096] = 0x77;
  const Exit exit = page.exit(KVM_EXIT_IO);
  ASSERT_TRUE(std::holds_alternative<exits::Io>(exit));
  EXPECT_EQ(std::get<exits::Io>(exit).bytes.size(), 6u);
  EXPECT_EQ(describe(exit), "io in port=0x3f8 size=2 count=3 bytes=77 00 00 00 00 00");
}

TEST(ExitFromRun, IoBeyondThePageIsUnknown) {
  RunPage page;
  page.run().io.size = 1;
  page.run().io.count = 2;
  page.run().io.data_offset = 8191;
  EXPECT_TRUE(std::holds_alternative<exits::Unknown>(page.exit(KVM_EXIT_IO)));
  page.run().io.data_offset = ~std::uint64_t{0};
  EXPECT_TRUE(std::holds_alternative<exits::Unknown>(page.exit(KVM_EXIT_IO)));
}

TEST(ExitFromRun, MmioIsAtMostEightBytes) {
  RunPage page;
  page.run().mmio.phys_addr = 0xfee00000;
  page.run().mmio.len = 200;
  page.run().mmio.is_write = 1;
  const Exit exit = page.exit(KVM_EXIT_MMIO);
  ASSERT_TRUE(std::holds_alternative<exits::Mmio>(exit));
  EXPECT_EQ(std::get<exits::Mmio>(exit).bytes.size(), 8u);
}

TEST(ExitFromRun, FailedEmulationHasItsBytes) {
  RunPage page;
  auto& failure = page.run().emulation_failure;
  failure.suberror = KVM_INTERNAL_ERROR_EMULATION;
  failure.ndata = 4;
  failure.flags = KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES;
  failure.insn_size = 200;
  failure.insn_bytes[0] = 0xcc;
  const Exit exit = page.exit(KVM_EXIT_INTERNAL_ERROR);
  ASSERT_TRUE(std::holds_alternative<exits::InternalError>(exit));
  EXPECT_EQ(std::get<exits::InternalError>(exit).kind, exits::InternalError::Kind::Emulation);
  EXPECT_EQ(std::get<exits::InternalError>(exit).instruction_length, 15);
  EXPECT_EQ(std::get<exits::InternalError>(exit).instruction[0], 0xcc);
  failure.ndata = 0;  // an older kernel
  EXPECT_EQ(std::get<exits::InternalError>(page.exit(KVM_EXIT_INTERNAL_ERROR)).instruction_length, 0);
}

TEST(ExitFromRun, OtherInternalErrorsAreNamedByNumber) {
  RunPage page;
  page.run().internal.suberror = KVM_INTERNAL_ERROR_DELIVERY_EV;
  const Exit exit = page.exit(KVM_EXIT_INTERNAL_ERROR);
  EXPECT_EQ(std::get<exits::InternalError>(exit).kind, exits::InternalError::Kind::Other);
  EXPECT_EQ(describe(exit), "internal-error suberror=3 instruction=");
}

TEST(ExitFromRun, SystemEventsAreToldApart) {
  using Kind = exits::SystemEvent::Kind;
  RunPage page;
  const auto kind_of = [&](std::uint32_t type) {
    page.run().system_event.type = type;
    return std::get<exits::SystemEvent>(page.exit(KVM_EXIT_SYSTEM_EVENT)).kind;
  };
  EXPECT_EQ(kind_of(KVM_SYSTEM_EVENT_SHUTDOWN), Kind::Shutdown);
  EXPECT_EQ(kind_of(KVM_SYSTEM_EVENT_RESET), Kind::Reset);
  EXPECT_EQ(kind_of(KVM_SYSTEM_EVENT_CRASH), Kind::Other);
}

TEST(ExitFromRun, EveryReasonIsAValue) {
  RunPage page;
  for (std::uint32_t reason = 0; reason < 100; ++reason) {
    const Exit exit = page.exit(reason);
    EXPECT_STRNE(name_of(exit), "");
    EXPECT_EQ(describe(exit).rfind(name_of(exit), 0), 0u);
  }
  EXPECT_EQ(describe(page.exit(0xffff)), "unknown reason=65535");
}

TEST(ExitFromRun, Errors) {
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(exit_from_error(EINTR)));
  EXPECT_EQ(std::get<exits::RunFailed>(exit_from_error(EAGAIN)).error, EAGAIN);
}

}  // namespace
}  // namespace gdbvm::kvm

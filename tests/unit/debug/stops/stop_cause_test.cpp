// What a failure is told as.
#include "vmm/debug/stops/stop_cause.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/rig.h"
#include "vmm/debug/control/debugged_guest.h"

namespace gdbvm {
namespace {

using testing::HasSubstr;
using testing::Not;

struct TripleFault : Rig {
  explicit TripleFault(const HostStops& stops) : Rig(stops, 1) {}
  std::string told() {
    const StopCause cause = judge(exits::Shutdown{}, cpu(), guest.armed, guest.view, guest.planted, Ran::Freely);
    return std::get<cause::Failure>(cause).sentence;
  }
  DebuggedGuest guest{machine, host, {}};
};

TEST(StopCause, ATripleFaultMayBeOfPagingThatTheHostLacks) {
  constexpr auto* sentence = "this host's KVM has no paging outside long mode (gdbvm doctor)";
  TripleFault on_pvm(kvm_pvm()), on_intel(kvm_intel());
  EXPECT_THAT(on_pvm.told(), Not(HasSubstr(sentence)));
  for (TripleFault* guest : {&on_pvm, &on_intel}) {
    guest->place(Rig::code, {0x0f, 0x22, 0xc0});  // mov cr0, eax
    guest->cpu().system_registers.cr0 = x86::cr0::pe;
    guest->cpu().system_registers.efer = 0;
  }
  EXPECT_THAT(on_pvm.told(), HasSubstr(sentence));
  EXPECT_THAT(on_intel.told(), Not(HasSubstr(sentence)));
  on_pvm.cpu().system_registers.efer = x86::efer::lme;
  EXPECT_THAT(on_pvm.told(), Not(HasSubstr(sentence)));
}

}  // namespace
}  // namespace gdbvm

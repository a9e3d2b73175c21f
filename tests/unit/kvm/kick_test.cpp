// Kicks before, during and between the calls of KVM_RUN, and what they leave in the run page.
#include "vmm/kvm/kick.h"

#include <gtest/gtest.h>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {
namespace {

using Entry = Kick::Entry;

struct Page {
  kvm_run run{};
  Kick kick{&run};

  // What KVM reads when it enters.
  unsigned enter(Entry entry, bool interrupted) {
    kick.entering(entry);
    const unsigned asked = run.immediate_exit;
    kick.left();
    kick.answered(entry, interrupted);
    return asked;
  }
};

TEST(Kick, IsForTheNextEntryAndAnsweredOnce) {
  Page page;
  EXPECT_EQ(page.enter(Entry::Guest, false), 0u);
  page.kick.kick();
  EXPECT_EQ(page.enter(Entry::Guest, true), 1u);
  EXPECT_EQ(page.enter(Entry::Guest, false), 0u);
}

TEST(Kick, OutlivesAnEntryThatEndedForAnotherReason) {
  Page page;
  page.kick.kick();
  EXPECT_EQ(page.enter(Entry::Guest, false), 1u);
  EXPECT_EQ(page.enter(Entry::Guest, true), 1u);
  EXPECT_EQ(page.enter(Entry::Guest, false), 0u);
}

TEST(Kick, IsNotSpentOnCompletingAnAccess) {
  Page page;
  EXPECT_EQ(page.enter(Entry::CompleteOnly, true), 1u) << "KVM is to come back at once";
  EXPECT_EQ(page.enter(Entry::Guest, false), 0u);
  page.kick.kick();
  EXPECT_EQ(page.enter(Entry::CompleteOnly, true), 1u);
  EXPECT_EQ(page.enter(Entry::Guest, true), 1u);
}

// It would end the entry after the wait for nothing.
TEST(Kick, ThatAnAlarmWasToGiveIsNotForWhoHasWaited) {
  using namespace std::chrono_literals;
  Page page;
  const auto at = Alarm::Time::clock::now() + 1ms;
  page.kick.set_alarm(at);
  EXPECT_FALSE(page.kick.wait(at));
  EXPECT_FALSE(page.kick.wait(at + 10ms));
  EXPECT_EQ(page.enter(Entry::Guest, false), 0u);
  page.kick.set_alarm(at);
  EXPECT_EQ(page.enter(Entry::Guest, true), 1u) << "the same time as before, but set anew";
}

}  // namespace
}  // namespace gdbvm::kvm

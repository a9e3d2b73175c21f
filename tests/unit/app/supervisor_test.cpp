// What ends the process, with which status, and what lets the guest run on.
#include "vmm/app/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace gdbvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FakeSubject final : public Supervised {
 public:
  bool has_client() const override { return client; }
  bool running() const override { return runs; }
  bool paused() const override { return is_paused; }
  void run_guest() override { did.emplace_back("run"); }
  void set_ended() override { has_ended = true; }
  bool ended() const override { return has_ended; }
  std::optional<Exit> failure() override { return exit; }
  void show_failure(const gdbstub::StopEvent& event) override { did.push_back("show " + event.message); }
  void end_command() override { did.emplace_back("end command"); }
  void close_guest() override { did.emplace_back("close guest"); }
  void leave() override { did.emplace_back("leave"); }

  bool client = false, runs = false, is_paused = false, has_ended = false;
  std::optional<Exit> exit;
  std::vector<std::string> did;
};

const gdbstub::StopEvent signal{.thread = {1}, .reason = gdbstub::stop::Signalled{}, .message = {}};
gdbstub::StopEvent failed() {
  gdbstub::StopEvent event = signal;
  event.message = "CPU 0: triple fault";
  return event;
}
gdbstub::StopEvent exited(std::uint8_t status) {
  return {.thread = {1}, .reason = gdbstub::stop::Exited{status}, .message = {}};
}

struct SupervisorTest : testing::Test {
  FakeSubject subject;
  Supervisor supervisor{subject, OnDetach::Run};
};

TEST_F(SupervisorTest, AGuestThatEndsUnwatchedEndsTheProcessWithItsStatus) {
  supervisor.guest_ended(5);
  EXPECT_TRUE(subject.has_ended);
  EXPECT_THAT(subject.did, IsEmpty());
  supervisor.stopped(exited(5));
  EXPECT_THAT(subject.did, ElementsAre("leave"));
  EXPECT_EQ(supervisor.status(), 5);
}

TEST_F(SupervisorTest, ADebuggerMayLookAtAGuestThatHasEnded) {
  subject.client = true;
  supervisor.guest_ended(5);
  supervisor.stopped(exited(5));
  EXPECT_THAT(subject.did, IsEmpty());
  supervisor.client_left(false);
  EXPECT_THAT(subject.did, ElementsAre("leave"));
  EXPECT_EQ(supervisor.status(), 5);
}

TEST_F(SupervisorTest, ADebuggerThatLeavesJustBeforeTheEndChangesNothing) {
  supervisor.client_left(true);
  EXPECT_THAT(subject.did, IsEmpty());
  supervisor.guest_ended(5);
  supervisor.stopped(exited(5));
  EXPECT_THAT(subject.did, ElementsAre("leave"));
}

TEST_F(SupervisorTest, WhenADebuggerLeavesTheGuestRunsOn) {
  supervisor.client_left(false);
  EXPECT_THAT(subject.did, ElementsAre("run"));
}

TEST_F(SupervisorTest, OrStaysStopped) {
  Supervisor stop{subject, OnDetach::Stop};
  stop.client_left(false);
  stop.stopped(signal);
  EXPECT_THAT(subject.did, IsEmpty());
}

TEST_F(SupervisorTest, OrTheProcessEnds) {
  Supervisor quit{subject, OnDetach::Quit};
  quit.client_left(false);
  EXPECT_THAT(subject.did, ElementsAre("leave"));
  EXPECT_EQ(quit.status(), 0);
}

TEST_F(SupervisorTest, AStopNobodyWaitsForIsNoStop) {
  supervisor.stopped(signal);
  EXPECT_THAT(subject.did, ElementsAre("run"));
}

TEST_F(SupervisorTest, AStopIsForTheDebuggerWhereThereIsOne) {
  subject.client = true;
  supervisor.stopped(signal);
  supervisor.stopped(failed());
  EXPECT_THAT(subject.did, IsEmpty());
}

TEST_F(SupervisorTest, AStopThatIsOverIsForNobody) {
  subject.runs = true;
  supervisor.stopped(failed());
  EXPECT_THAT(subject.did, IsEmpty());
}

TEST_F(SupervisorTest, AGuestThatTheUserHasPausedStaysSo) {
  subject.is_paused = true;
  supervisor.stopped(signal);
  EXPECT_THAT(subject.did, IsEmpty());
}

TEST_F(SupervisorTest, AFailureEndsTheProcess) {
  subject.exit = exits::Shutdown{};
  supervisor.stopped(failed());
  EXPECT_THAT(subject.did, ElementsAre("show CPU 0: triple fault", "leave"));
  EXPECT_EQ(supervisor.status(), exit_status::triple_fault);
}

TEST_F(SupervisorTest, TheStatusTellsTheKindOfFailure) {
  const std::vector<std::pair<std::optional<Exit>, int>> kinds{{std::nullopt, exit_status::host_error},
                                                               {exits::InternalError{}, exit_status::internal_error},
                                                               {exits::Unknown{}, exit_status::failed_entry}};
  for (const auto& [exit, status] : kinds) {
    subject.exit = exit;
    Supervisor each{subject, OnDetach::Run};
    each.stopped(failed());
    EXPECT_EQ(each.status(), status);
  }
}

TEST_F(SupervisorTest, WhenNobodyCanConnectAnyMoreTheGuestRuns) {
  supervisor.nobody_can_connect();
  EXPECT_THAT(subject.did, ElementsAre("run"));
  subject.runs = true;
  supervisor.nobody_can_connect();
  EXPECT_THAT(subject.did, ElementsAre("run"));
}

TEST_F(SupervisorTest, OrTheProcessEndsWhereThatIsAskedFor) {
  Supervisor quit{subject, OnDetach::Quit};
  quit.nobody_can_connect();
  EXPECT_THAT(subject.did, ElementsAre("leave"));
}

TEST_F(SupervisorTest, TheProcessEndsOnce) {
  supervisor.quit();
  supervisor.signalled(SIGTERM);
  EXPECT_THAT(subject.did, ElementsAre("leave"));
  EXPECT_EQ(supervisor.status(), 0);
}

TEST_F(SupervisorTest, ASignalIsAShellsStatus) {
  supervisor.signalled(SIGTERM);
  EXPECT_THAT(subject.did, ElementsAre("leave"));
  EXPECT_EQ(supervisor.status(), 128 + SIGTERM);
}

TEST_F(SupervisorTest, ACommandOutlivesTheGuest) {
  supervisor.command_started();
  supervisor.guest_ended(5);
  supervisor.stopped(exited(5));
  EXPECT_THAT(subject.did, ElementsAre("close guest"));
  supervisor.command_ended(3);
  EXPECT_THAT(subject.did, ElementsAre("close guest", "leave"));
  EXPECT_EQ(supervisor.status(), 3);
}

TEST_F(SupervisorTest, ACommandsSuccessIsTheProcesss) {
  supervisor.command_started();
  supervisor.guest_ended(5);
  supervisor.command_ended(0);
  EXPECT_EQ(supervisor.status(), 0);
}

TEST_F(SupervisorTest, ControlCIsForTheCommand) {
  supervisor.command_started();
  supervisor.signalled(SIGINT);
  supervisor.signalled(SIGQUIT);
  EXPECT_THAT(subject.did, IsEmpty());
  supervisor.signalled(SIGTERM);
  EXPECT_THAT(subject.did, ElementsAre("end command", "leave"));
  EXPECT_EQ(supervisor.status(), 128 + SIGTERM);
}

}  // namespace
}  // namespace gdbvm

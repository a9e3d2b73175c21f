// The doctor's report: the same findings as a table and as JSON, and the advice drawn from them.
#include "vmm/app/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gdbvm {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

DoctorReport everything_works() {
  DoctorReport report{.backend = "kvm_intel", .stops = {}, .probe_milliseconds = 12.34};
  report.stops.int3.fill(HostStops::Int3::Reported);
  report.stops.execute_register.fill(true);
  report.stops.data_register.fill(true);
  report.stops.single_step.fill(true);
  report.stops.step_over_hlt = report.stops.step_enters_handler = report.stops.step_traps_once =
      report.stops.shutdown_keeps_state = report.stops.read_only_slots = report.stops.absent_slots =
          report.stops.sync_registers = report.stops.legacy_paging = true;
  return report;
}

TEST(Doctor, ATableOfAHostWhereEverythingWorks) {
  const std::string table = to_table(everything_works());
  EXPECT_THAT(table, HasSubstr("KVM back-end: kvm_intel; probed in 12.3 ms"));
  EXPECT_THAT(table, ContainsRegex("long mode +.+ yes +yes +yes +breakpoints: any number"));
  EXPECT_THAT(table, ContainsRegex("step over hlt +yes *\n"));
  EXPECT_THAT(table, Not(HasSubstr("no ")));
}

TEST(Doctor, WhatIsMissingIsToldWithWhatIsDoneInstead) {
  DoctorReport report = everything_works();
  report.stops.step_over_hlt = false;
  EXPECT_THAT(to_table(report), ContainsRegex("step over hlt +no +hlt is emulated"));
}

TEST(Doctor, TheVerdictFollowsFromTheMechanismsLeft) {
  DoctorReport report = everything_works();
  report.stops.int3[HostStops::Real] = HostStops::Int3::GoesToGuest;
  EXPECT_THAT(to_table(report), ContainsRegex("real mode .+breakpoints: four, then stepping"));
  report.stops.execute_register[HostStops::Real] = false;
  EXPECT_THAT(to_table(report), ContainsRegex("real mode .+breakpoints: by stepping"));
  report.stops.single_step[HostStops::Real] = false;
  EXPECT_THAT(to_table(report), ContainsRegex("real mode .+breakpoints: through the guest's own handlers"));
  EXPECT_THAT(to_table(report), ContainsRegex("protected mode .+breakpoints: any number"));
}

TEST(Doctor, JsonSaysTheSame) {
  DoctorReport report = everything_works();
  report.stops.data_register[HostStops::User] = false;
  report.stops.absent_slots = false;
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["backend"], "kvm_intel");
  EXPECT_EQ(json["modes"].size(), 4u);
  EXPECT_EQ(json["modes"]["user"]["data_register"], false);
  EXPECT_EQ(json["modes"]["long"]["data_register"], true);
  EXPECT_EQ(json["absent_slots"], false);
  EXPECT_EQ(json["read_only_slots"], true);
}

TEST(Doctor, JsonHasALineForEachFeatureOfTheTable) {
  const auto json = nlohmann::json::parse(to_json(everything_works()));
  for (const char* key : {"step_over_hlt", "step_enters_handler", "step_traps_once", "shutdown_keeps_state",
                          "read_only_slots", "absent_slots", "sync_registers", "legacy_paging"}) {
    EXPECT_EQ(json[key], true) << key;
  }
}

}  // namespace
}  // namespace gdbvm

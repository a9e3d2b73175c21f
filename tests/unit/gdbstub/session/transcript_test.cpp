// Every file of tests/transcripts is a separate test.
#include "support/transcript.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

namespace {

std::vector<std::string> transcripts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GDBVM_TEST_SOURCE_DIR "/transcripts")) {
    if (entry.path().extension() == ".rsp") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, GoesAsWritten) {
  EXPECT_EQ(gdbstub::toy::run_transcript(GDBVM_TEST_SOURCE_DIR "/transcripts/" + GetParam() + ".rsp"), "");
}

INSTANTIATE_TEST_SUITE_P(Rsp, Transcript, testing::ValuesIn(transcripts()),
                         [](const auto& test) { return test.param; });

}  // namespace

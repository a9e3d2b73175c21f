// What a hit collects, and when the trace ends. FakeHit: register 0 has 8 bytes, 1 has 4; memory 0x1000 to 0x10ff.
#include "gdbstub/trace/probe.h"

#include <gtest/gtest.h>

#include "gdbstub/trace/actions.h"
#include "gdbstub/trace/documents.h"
#include "tests/unit/gdbstub/agent/fake_hit.h"

namespace gdbstub {
namespace {

class TraceProbeTest : public testing::Test {
 protected:
  class Hit final : public HitContext {
   public:
    Result<> read_register(RegisterNumber number, MutableBytes out) override {
      return fake_.read_register(number, out);
    }
    Result<> read_memory(Address address, MutableBytes out) override { return fake_.read_memory(address, out); }
    Result<> write_memory(Address, Bytes) override { return {}; }
    void print(std::string_view) override {}
    void trace_ended() override { ++ended; }
    int ended = 0;

   private:
    FakeHit fake_;
  };

  Tracepoint& define(std::string_view actions) {
    point_->id = {1, {0x4000}};
    EXPECT_TRUE(add_actions(*point_, actions, 3));
    return *point_;
  }
  void start() {
    experiment_->start(std::make_shared<TraceRegisters>(TraceRegisters{{8, 4, 16}, {0, 8, 12}, 28, {}}));
    probe_ = make_probe(experiment_, {point_});
  }
  std::shared_ptr<TraceSteps> hit() { return probe_->hit(hit_); }
  const TraceFrame& frame(std::size_t n) { return *experiment_->buffer.at(n); }

  Hit hit_;
  std::shared_ptr<TraceExperiment> experiment_ = std::make_shared<TraceExperiment>();
  std::shared_ptr<Tracepoint> point_ = std::make_shared<Tracepoint>();
  std::shared_ptr<const TraceProbe> probe_;
};

TEST_F(TraceProbeTest, RegistersByTheMask) {
  define("R06");
  start();
  hit();
  EXPECT_FALSE(frame(0).register_value({0}));
  EXPECT_EQ(frame(0).register_value({1}).value()[0], 0xe0);
  EXPECT_EQ(frame(0).register_value({2}).value().size(), 16u);
}

TEST_F(TraceProbeTest, UnreadableMemoryIsLeftOut) {
  define("M-1,1000,10M-1,5000,10MFFFFFFFF,10f0,8");
  start();
  hit();
  ASSERT_EQ(frame(0).memory().size(), 2u);
  EXPECT_EQ(frame(0).memory()[1].start, Address{0x10f0});
  EXPECT_TRUE(experiment_->status.running);
}

TEST_F(TraceProbeTest, TraceInstructions) {
  experiment_->variables[1] = {"n", 5, 5};
  // 0x1000 2 trace; 0x1010 trace_quick 3 trace16 4; $1 = $1 + 2; tracev 1; 0x10f8 4 tracenz
  define("X23,23100022020c2310100d03300004292c00012202022d0001292e00012310f822042f27");
  start();
  hit();
  const auto blocks = frame(0).memory();
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].bytes.size(), 2u);
  EXPECT_EQ(blocks[2].start, Address{0x1010});
  EXPECT_EQ(blocks[2].bytes.size(), 4u);
  EXPECT_EQ(blocks[3].bytes.size(), 4u) << "no NUL in sight";
  EXPECT_EQ(frame(0).variable(1), 7u);
  hit();
  EXPECT_EQ(frame(1).variable(1), 9u);
  EXPECT_EQ(experiment_->status.stop, TraceStatus::Stop::NotRun);
}

TEST_F(TraceProbeTest, PassesEndTheTrace) {
  define("").passes = 2;
  start();
  hit();
  EXPECT_EQ(hit_.ended, 0);
  hit();
  EXPECT_EQ(hit_.ended, 1);
  EXPECT_EQ(hit(), nullptr);
  EXPECT_EQ(experiment_->buffer.count(), 2u);
  EXPECT_EQ(status_text(*experiment_).substr(0, 15), "0;tpasscount:1;");
}

TEST_F(TraceProbeTest, StepsAreFramesOfTheirOwn) {
  define("R01").steps = 2;
  EXPECT_TRUE(add_actions(*point_, "SR02", 3));
  start();
  const auto steps = hit();
  ASSERT_NE(steps, nullptr);
  EXPECT_TRUE(steps->after_step(hit_));
  EXPECT_FALSE(steps->after_step(hit_));
  ASSERT_EQ(experiment_->buffer.count(), 3u);
  EXPECT_FALSE(frame(1).register_value({0}));
  EXPECT_TRUE(frame(2).register_value({1}));
}

TEST_F(TraceProbeTest, StepsOfAnEarlierRunCollectNothing) {
  define("").steps = 2;
  start();
  const auto steps = hit();
  experiment_->stop(TraceStatus::Stop::Asked);
  start();
  EXPECT_FALSE(steps->after_step(hit_));
  EXPECT_EQ(experiment_->buffer.count(), 0u);
}

TEST_F(TraceProbeTest, AFrameThatIsTooLargeFillsTheBuffer) {
  define("M-1,1000,ffffffffffffffff");
  start();
  hit();
  EXPECT_EQ(hit_.ended, 1);
  EXPECT_EQ(experiment_->status.stop, TraceStatus::Stop::BufferFull);
}

TEST(TraceActions, WhatCannotBeUnderstood) {
  for (const char* text : {"R", "M", "M0", "M0,1", "X2,27", "Xff,27", "Q", "M3,0,1", "L", "SS"}) {
    Tracepoint point;
    EXPECT_FALSE(add_actions(point, text, 3)) << text;
    EXPECT_TRUE(point.actions.empty());
  }
}

}  // namespace
}  // namespace gdbstub

// Clients that do not read the target's description.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gdbstub/session/session.h"
#include "support/frame.h"

namespace gdbstub {
namespace {

// Two registers of a byte each, the second beyond the classic ones; both go with every stop.
class TwoRegisters final : public Target {
 public:
  const TargetDescription& description() override { return description_; }
  std::vector<ThreadId> threads() override { return {{1}}; }
  Result<> read_register(ThreadId, RegisterNumber number, MutableBytes out) override {
    out[0] = values[number.value];
    return {};
  }
  Result<> write_register(ThreadId, RegisterNumber number, Bytes bytes) override {
    values[number.value] = bytes[0];
    return {};
  }
  Result<std::size_t> read_memory(ThreadId, Address, MutableBytes) override { return fail("none"); }
  Result<> write_memory(ThreadId, Address, Bytes) override { return fail("none"); }
  Result<> resume(std::span<const ThreadAction>) override { return fail("none"); }
  void interrupt() override {}

  std::array<std::uint8_t, 2> values{0x11, 0x22};

 private:
  static RegisterDescription expedited(std::string name) {
    RegisterDescription reg{std::move(name), 8, "int8", "general"};
    reg.expedited = true;
    return reg;
  }
  TargetDescription description_{.architecture = "two",
                                 .features = {{"classic", {}, {expedited("a")}}, {"more", {}, {expedited("b")}}},
                                 .classic_features = 1};
};

struct ClassicRegistersTest : testing::Test {
  std::string ask(std::string_view payload) {
    const std::string packet = toy::frame(payload);
    const std::string out = session.receive({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()});
    return out.substr(2, out.size() - 5);
  }
  TwoRegisters target;
  Session session{target};
};

TEST_F(ClassicRegistersTest, AreAllThatAClientWithoutADescriptionIsSent) {
  EXPECT_EQ(ask("g"), "11");
  EXPECT_EQ(ask("?"), "T05thread:1;00:11;");
  EXPECT_EQ(ask("G33"), "OK");
  EXPECT_EQ(ask("p1"), "22");
  ask("qXfer:features:read:target.xml:0,1000");
  EXPECT_EQ(ask("g"), "3322");
  EXPECT_EQ(ask("?"), "T05thread:1;00:33;01:22;");
  session.disconnected();
  EXPECT_EQ(ask("g"), "33");
}

TEST_F(ClassicRegistersTest, LldbReadsADescriptionOfItsOwn) {
  EXPECT_EQ(ask("g"), "11");
  ask("qRegisterInfo0");
  EXPECT_EQ(ask("g"), "1122");
}

}  // namespace
}  // namespace gdbstub

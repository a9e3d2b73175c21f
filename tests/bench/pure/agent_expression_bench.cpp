// A condition as gdb compiles it: `n == 4711` for a local variable.
#include <benchmark/benchmark.h>

#include <array>

#include "gdbstub/agent/expression.h"

namespace gdbstub {
namespace {

class Stopped final : public HitContext {
 public:
  Result<> read_register(RegisterNumber, MutableBytes out) override {
    std::fill(out.begin(), out.end(), 7);
    return {};
  }
  Result<> read_memory(Address, MutableBytes out) override {
    std::fill(out.begin(), out.end(), 1);
    return {};
  }
  Result<> write_memory(Address, Bytes) override { return {}; }
  void print(std::string_view) override {}
};

void false_condition(benchmark::State& state) {
  // reg 6, const8 8, sub, ref64, const16 4711, equal, end
  const std::vector<std::uint8_t> code{0x26, 0, 6, 0x22, 8, 3, 0x1a, 0x23, 0x12, 0x67, 0x13, 0x27};
  const std::array<std::size_t, 8> sizes{8, 8, 8, 8, 8, 8, 8, 8};
  Stopped context;
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(code, sizes, context));
}
BENCHMARK(false_condition);

}  // namespace
}  // namespace gdbstub

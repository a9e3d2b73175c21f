// Memory to digits and back.
#include <benchmark/benchmark.h>

#include "gdbstub/wire/hex.h"
#include "tests/bench/pure/sample.h"

namespace gdbstub {

void encode_hex(benchmark::State& state) {
  const auto bytes = bench::random_bytes(static_cast<std::size_t>(state.range(0)));
  std::string digits(2 * bytes.size(), '0');
  for (auto _ : state) {
    write_hex(digits.data(), bytes);
    benchmark::DoNotOptimize(digits.data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_hex)->Arg(64)->Arg(512 * 1024);

void decode_hex_digits(benchmark::State& state) {
  std::string digits;
  append_hex(digits, bench::random_bytes(static_cast<std::size_t>(state.range(0))));
  std::string work = digits;
  for (auto _ : state) {
    work = digits;
    benchmark::DoNotOptimize(decode_hex(std::span<char>(work)));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_hex_digits)->Arg(64)->Arg(512 * 1024);

}  // namespace gdbstub

// Packets in and out: the reply to a memory read, and a memory write on its way in.
#include <benchmark/benchmark.h>

#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/hex.h"
#include "gdbstub/wire/reply.h"
#include "tests/bench/pure/sample.h"

namespace gdbstub {

void finish_reply(benchmark::State& state, std::uint8_t mask) {
  auto bytes = bench::random_bytes(static_cast<std::size_t>(state.range(0)));
  for (auto& byte : bytes) byte &= mask;
  for (auto _ : state) {
    std::string out;
    Reply reply(out);
    reply.hex(bytes);
    benchmark::DoNotOptimize(reply.finish().data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(finish_reply, random, std::uint8_t{0xff})->Arg(64)->Arg(512 * 1024);
BENCHMARK_CAPTURE(finish_reply, zeros, std::uint8_t{0})->Arg(512 * 1024);

void decode_packet(benchmark::State& state) {
  std::string digits;
  append_hex(digits, bench::random_bytes(static_cast<std::size_t>(state.range(0))));
  const std::string packet = encode(digits);
  Decoder decoder;
  for (auto _ : state) {
    Bytes input(reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size());
    benchmark::DoNotOptimize(decoder.next(input));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_packet)->Arg(64)->Arg(256 * 1024);

}  // namespace gdbstub

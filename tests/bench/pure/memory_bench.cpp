// What qCRC and qSearch do with their bytes, and the translation of a virtual address to a physical one.
#include <benchmark/benchmark.h>

#include <cstring>

#include "gdbstub/wire/crc32.h"
#include "tests/bench/pure/sample.h"
#include "vmm/memory/page_walk.h"

namespace gdbstub {

void checksum(benchmark::State& state) {
  const auto bytes = bench::random_bytes(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(crc32_update(crc32_start, bytes));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum)->Arg(1 << 20);

void page_walk(benchmark::State& state) {
  gdbvm::GuestMemory memory(2u << 20);
  const std::uint64_t tables[] = {0x2003, 0x3003, 0x4003, 0x123003};
  for (std::uint64_t i = 0; i < 4; ++i) std::memcpy(memory.at({0x1000 * (i + 1)}, 8), &tables[i], 8);
  gdbvm::x86::SystemRegisters system{};
  system.cr0 = gdbvm::x86::cr0::pg | gdbvm::x86::cr0::pe;
  system.cr3 = 0x1000;
  system.cr4 = gdbvm::x86::cr4::pae;
  system.efer = gdbvm::x86::efer::lme | gdbvm::x86::efer::lma;
  if (!gdbvm::translate(memory, system, {0x123})) return state.SkipWithError("not mapped");
  for (auto _ : state) benchmark::DoNotOptimize(gdbvm::translate(memory, system, {0x123}));
}
BENCHMARK(page_walk);

}  // namespace gdbstub

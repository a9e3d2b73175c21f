// The output path of the serial port after the exit: device, queue and write(2), for bytes that come one by one as KVM
// delivers them, and as they would in strings.
#include <benchmark/benchmark.h>
#include <fcntl.h>

#include <asio/io_context.hpp>

#include "tests/bench/pure/sample.h"
#include "vmm/console/console.h"
#include "vmm/devices/serial_16550.h"

namespace gdbvm {

void serial_output(benchmark::State& state) {
  asio::io_context context;
  Console console(context, serial_endpoint::File{"/dev/null"});
  Serial16550 serial(console, {});
  const auto bytes = gdbstub::bench::random_bytes(1 << 16);
  const auto piece = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      serial.write_string(0, 1, std::span(bytes).subspan(at, piece));
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(serial_output)->Arg(1)->Arg(4096);

}  // namespace gdbvm

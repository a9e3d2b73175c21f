// Snapshots of RAM: a guest under KVM writes 100 random pages, and then an image is taken, or put back.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "vmm/kvm/system.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/kvm/vm.h"
#include "vmm/snapshot/ram_snapshots.h"
#include "vmm/x86/segments.h"

namespace gdbvm::snapshot {
namespace {

constexpr std::size_t pages_written = 100;
constexpr std::uint64_t code_start = 0x1000, list_start = 0x2000, mib = std::uint64_t{1} << 20;

// In flat 32-bit mode; no page of its RAM is zero.
class WritingGuest final {
 public:
  explicit WritingGuest(std::uint64_t size)
      : memory(size), slots(memory, vm.max_slots()), snapshots(memory, slots, vm) {
    for (std::uint64_t number = 0; number < memory.pages(); ++number) *memory.page(number) = std::byte{1};
    constexpr std::array<std::uint8_t, 7> code{0xad,         // again: lodsd
                                               0xfe, 0x00,   // inc byte [eax]
                                               0xe2, 0xfb,   // loop again
                                               0xe6, 0x10};  // out 0x10, al
    memory.write({code_start}, code);
    slots.apply(vm);
    vcpu = vm.create_vcpu({0});
    x86::SystemRegisters system = vcpu->system();
    system.cr0 |= x86::cr0::pe;
    system.cs = x86::flat_code32();
    system.ds = system.es = system.ss = x86::flat_data();
    if (!vcpu->set_system(system)) throw std::runtime_error("KVM refuses flat 32-bit mode");
  }

  void write_pages() {
    const std::uint64_t reachable = std::min(memory.pages(), ram_hole_start.value / page_size);
    std::array<std::uint32_t, pages_written> list;
    for (auto& each : list) each = static_cast<std::uint32_t>((3 + random_() % (reachable - 3)) * page_size);
    memory.write({list_start}, {reinterpret_cast<const std::uint8_t*>(list.data()), sizeof list});
    vcpu->set_general({.rcx = list.size(), .rsi = list_start, .rip = code_start, .rflags = x86::rflags::fixed});
    while (!std::holds_alternative<exits::Io>(vcpu->run())) continue;
  }

 private:
  kvm::System system_{nullptr};

 public:
  kvm::Vm vm{system_};
  GuestMemory memory;
  SlotTable slots;
  RamSnapshots snapshots;
  std::unique_ptr<BareVcpu> vcpu;

 private:
  std::mt19937_64 random_{1};
};

template <class F>
void timed(benchmark::State& state, F f) {
  const auto before = std::chrono::steady_clock::now();
  f();
  state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
}

void take(benchmark::State& state) {
  WritingGuest guest(static_cast<std::uint64_t>(state.range(0)) * mib);
  std::optional<RamImage> before = guest.snapshots.take(), after;
  for (auto _ : state) {
    guest.write_pages();
    timed(state, [&] { after = guest.snapshots.take(); });
    before = std::move(after);
  }
}
BENCHMARK(take)->Arg(256)->Arg(4096)->UseManualTime()->Unit(benchmark::kMicrosecond);

void take_and_keep_all(benchmark::State& state) {
  WritingGuest guest(static_cast<std::uint64_t>(state.range(0)) * mib);
  std::vector<RamImage> all{guest.snapshots.take()};
  for (auto _ : state) {
    guest.write_pages();
    timed(state, [&] { all.push_back(guest.snapshots.take()); });
  }
}
BENCHMARK(take_and_keep_all)->Arg(256)->Iterations(1000)->UseManualTime()->Unit(benchmark::kMicrosecond);

void put_back(benchmark::State& state) {
  WritingGuest guest(static_cast<std::uint64_t>(state.range(0)) * mib);
  const RamImage image = guest.snapshots.take();
  for (auto _ : state) {
    guest.write_pages();
    timed(state, [&] { guest.snapshots.put_back(image); });
  }
}
BENCHMARK(put_back)->Arg(256)->Arg(4096)->UseManualTime()->Unit(benchmark::kMicrosecond);

// Between two images that differ in as many pages, and nothing is written in between.
void change_over(benchmark::State& state) {
  WritingGuest guest(static_cast<std::uint64_t>(state.range(0)) * mib);
  const RamImage one = guest.snapshots.take();
  guest.write_pages();
  const RamImage other = guest.snapshots.take();
  bool turn = false;
  for (auto _ : state) guest.snapshots.put_back((turn = !turn) ? one : other);
}
BENCHMARK(change_over)->Arg(256)->Arg(4096)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gdbvm::snapshot

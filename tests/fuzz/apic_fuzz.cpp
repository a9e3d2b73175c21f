// Any bytes as what guest, devices and time do to four local APICs and an I/O APIC, or as a state that is restored: no
// exception's vector reaches a CPU, each call ends, and what is saved is what was restored.
#include <algorithm>
#include <span>
#include <vector>

#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/apic_bus.h"
#include "vmm/devices/io_apic.h"

using namespace gdbvm;

namespace {

constexpr std::size_t cpus = 4;

class Board {
 public:
  Board() {
    for (std::uint8_t id = 0; id < cpus; ++id) apics_.emplace_back(id, id == 0);
  }
  void step(Input& input) {
    const auto action = input.get<std::uint8_t>();
    const std::size_t cpu = action >> 6;
    LocalApic& apic = apics_[cpu];
    switch (action & 15) {
      case 0:
        return take_interrupt(apic);
      case 1:
        return pass(input.get<std::uint32_t>());
      case 2:
        return pass(std::int64_t{input.get<std::uint32_t>()} << 12);
      case 3:
        return apic.set_lint(action >> 4 & 1, action >> 5 & 1);
      case 4:
        return io_apic_.set_line(input.get<std::uint8_t>(), action >> 5 & 1);
      case 5:
        return io_apic_.write(action >> 4 & 1 ? 0x10 : 0, input.get<std::uint32_t>());
      case 6:
        (void)io_apic_.read(action >> 4 & 1 ? 0x10 : 0);
        return;
      case 7:
        return take_signals(apic);
      case 8:
        return apic.set_cr8(input.get<std::uint8_t>());
      case 9:
        return restore(apic, input);
      case 10:
        return restore(io_apic_, input);
      case 11:
        (void)apic.read(input.get<std::uint16_t>(), now_);
        return;
      default:
        return write(cpu, input.get<std::uint8_t>() * 16u, input.get<std::uint32_t>());
    }
  }
  void check() const {
    for (const LocalApic& apic : apics_) {
      const auto vector = apic.pending();
      require(!vector || *vector > 15);
      if (const auto next = apic.next_event()) require(next->count() >= 0);
    }
  }

 private:
  static void take_interrupt(LocalApic& apic) {
    const bool pending = apic.pending().has_value();
    const std::uint8_t vector = apic.acknowledge();
    require(!pending || vector > 15);
  }
  static void take_signals(LocalApic& apic) {
    if (apic.take_signals().init) apic.init();
    require(!apic.has_signals());
  }
  void pass(std::int64_t nanoseconds) {
    now_ += LocalApic::Time(nanoseconds);
    for (LocalApic& apic : apics_) {
      apic.advance(now_);
      const auto next = apic.next_event();
      require(!next || *next > now_);
    }
  }
  void write(std::size_t cpu, unsigned offset, std::uint32_t value) {
    const auto effect = apics_[cpu].write(offset, value, now_);
    if (effect.message) apic_bus::deliver(*effect.message, apics_, cpu);
    if (effect.end_of_interrupt) io_apic_.end_of_interrupt(*effect.end_of_interrupt);
  }

  LocalApic::Time now_{0};
  std::vector<LocalApic> apics_;
  IoApic io_apic_{[this](const ApicMessage& message) { return apic_bus::deliver(message, apics_).any(); }};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Board board;
  Input input({bytes, size});
  while (!input.empty()) {
    board.step(input);
    board.check();
  }
  return 0;
}

// Any writes, reads, lines and times for the interrupt controllers and the interval timer, and any bytes in their
// states. Another set of them, restored from what this one saved, takes each step alike.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "vmm/devices/i8254.h"
#include "vmm/devices/i8259.h"
#include "vmm/devices/system_control_b.h"

using namespace gdbvm;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Input {
  const std::uint8_t* bytes;
  std::size_t size;
  std::uint8_t next() {
    if (size == 0) return 0;
    --size;
    return *bytes++;
  }
};

struct Chips {
  I8259Pair pics;
  I8254 timer;
  SystemControlB port{timer};

  std::vector<std::byte> save() const {
    StateWriter writer;
    pics.save(writer);
    timer.save(writer);
    port.save(writer);
    return writer.bytes();
  }
  void restore(std::span<const std::byte> bytes) {
    StateReader reader(bytes);
    pics.restore(reader);
    timer.restore(reader);
    port.restore(reader);
    require(reader.empty());
  }
};

// Some bytes of the state, perhaps none, become others.
void forge(Chips& chips, Input& input) {
  auto state = chips.save();
  const std::size_t first = input.next() % state.size(), count = input.next() % 64;
  for (std::size_t i = first; i < std::min(first + count, state.size()); ++i) state[i] = std::byte{input.next()};
  chips.restore(state);
}

struct Step {
  std::uint8_t what, where, value;
  I8254::Time now;
};

std::uint16_t pic_port(std::uint8_t where) {
  constexpr std::uint16_t ports[] = {0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1};
  return ports[where % std::size(ports)];
}

// What a guest sees of it.
std::uint8_t take(Chips& chips, const Step& step) {
  switch (step.what % 9) {
    case 0:
      chips.pics.write(pic_port(step.where), step.value);
      return chips.pics.interrupt();
    case 1:
      return chips.pics.read(pic_port(step.where));
    case 2:
      chips.pics.set_line(step.where % 20, step.value & 1);
      return chips.pics.interrupt();
    case 3:
      return chips.pics.acknowledge();
    case 4:
    case 5:
      chips.timer.write(step.where % 4, step.value, step.now);
      return chips.timer.out(0, step.now);
    case 6:
      return chips.timer.read(step.where % 4, step.now);
    case 7:
      chips.port.write(step.value, step.now);
      return chips.port.read(step.now);
    default:
      return chips.timer.take_rise(step.now);
  }
}

std::vector<std::byte> saved(const I8259Pair& pics) {
  StateWriter writer;
  pics.save(writer);
  return writer.bytes();
}

// A copy is acknowledged. Without a request that changes nothing.
void check_acknowledge(I8259Pair pics) {
  const bool requested = pics.interrupt();
  const auto before = saved(pics);
  const unsigned line = pics.acknowledge() & 7u;
  if (!requested) require(line == I8259Chip::spurious_line && saved(pics) == before);
}

// A copy goes on to its next event. `genuine`: the state is one that the timer came to by itself.
void check_rises(I8254 timer, I8254::Time now, bool genuine) {
  constexpr I8254::Time pulse{838};
  timer.take_rise(now);
  const auto event = timer.next_event();
  if (!event) return;
  require(*event > now);
  if (!genuine) return;
  require(timer.out(0, *event));
  require(*event - pulse < now || !timer.out(0, *event - pulse));
  require(!timer.take_rise(*event - I8254::Time(1)));
  require(timer.take_rise(*event));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Input input{bytes, size};
  Chips chips;
  const bool genuine = input.next() % 2 == 0;
  for (I8254::Time now{0}; input.size > 0;) {
    const Step step{input.next(), input.next(), input.next(), now};
    if (!genuine) forge(chips, input);
    const auto state = chips.save();
    Chips twin;
    twin.restore(state);
    require(twin.save() == state);
    require(take(chips, step) == take(twin, step));
    require(chips.save() == twin.save());
    check_acknowledge(chips.pics);
    check_rises(chips.timer, now, genuine);
    now += I8254::Time((std::int64_t{1} << input.next() % 40) - 1);
  }
  return 0;
}

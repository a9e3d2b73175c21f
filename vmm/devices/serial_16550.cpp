#include "vmm/devices/serial_16550.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gdbvm {

namespace {
// Register offsets; the first two have other meanings while the divisor latch is open, the third when written.
enum Offset : std::uint16_t {
  data = 0,
  interrupt_enable = 1,
  interrupt_identification = 2,
  line_control = 3,
  modem_control = 4,
  line_status_register = 5,
  modem_status_register = 6,
  scratch = 7,
};
namespace ier {
constexpr std::uint8_t received = 1, transmit_empty = 2, line_status = 4, modem_status = 8, all = 0x0f;
}
// Interrupt identification, highest priority first (data sheet, table II).
namespace iir {
constexpr std::uint8_t line_status = 6, received = 4, timeout = 0xc, transmit_empty = 2, modem_status = 0, none = 1;
constexpr std::uint8_t fifos_enabled = 0xc0;
}  // namespace iir
namespace fcr {
constexpr std::uint8_t enable = 1, clear_receive = 2, trigger_shift = 6;
constexpr std::array<std::size_t, 4> trigger_levels{1, 4, 8, 14};
}  // namespace fcr
namespace lcr {
constexpr std::uint8_t divisor_latch = 0x80;
}
namespace mcr {
constexpr std::uint8_t dtr = 1, rts = 2, out1 = 4, out2 = 8, loopback = 0x10, all = 0x1f;
}
namespace lsr {
constexpr std::uint8_t data_ready = 1, overrun = 2, holding_empty = 0x20, transmitter_empty = 0x40;
}
namespace msr {
constexpr std::uint8_t delta_ri = 4;  // trailing edge only
constexpr std::uint8_t cts = 0x10, dsr = 0x20, ri = 0x40, dcd = 0x80;
}  // namespace msr

constexpr std::size_t fifo_size = 16;
// More than a guest is likely to read at once, little enough to hold on to.
constexpr std::size_t host_queue_full = 64 * 1024, host_queue_drained = 16 * 1024;
}  // namespace

Serial16550::Serial16550(SerialSink& sink, std::function<void(bool level)> set_irq)
    : sink_(sink), set_irq_(std::move(set_irq)) {}

void Serial16550::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  bool drained = false;
  {
    const std::lock_guard lock(mutex_);
    out[0] = read_register(offset);
    if (throttled_ && from_host_.size() < host_queue_drained) drained = std::exchange(throttled_, false);
  }
  update_irq();
  if (drained && input_wanted_) input_wanted_();
}

std::uint8_t Serial16550::read_register(std::uint16_t offset) {
  Registers& r = registers_;
  switch (offset) {
    case data:
      return divisor_latch() ? static_cast<std::uint8_t>(r.divisor) : take_received();
    case interrupt_enable:
      return divisor_latch() ? static_cast<std::uint8_t>(r.divisor >> 8) : r.interrupt_enable;
    case interrupt_identification: {
      const std::uint8_t source = identify();
      if (source == iir::transmit_empty) r.transmit_empty_pending = 0;
      return static_cast<std::uint8_t>(source | (r.fifo_control & fcr::enable ? iir::fifos_enabled : 0));
    }
    case line_control:
      return r.line_control;
    case modem_control:
      return r.modem_control;
    case line_status_register: {
      const std::uint8_t status = line_status();
      r.overrun = 0;
      return status;
    }
    case modem_status_register:
      return static_cast<std::uint8_t>(modem_status() | std::exchange(r.modem_delta, std::uint8_t{0}));
    case scratch:
      return r.scratch;
  }
  return 0xff;
}

void Serial16550::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) { write_string(offset, 1, bytes); }

void Serial16550::write_string(std::uint16_t offset, unsigned, std::span<const std::uint8_t> bytes) {
  bool to_sink = false;
  {
    const std::lock_guard lock(mutex_);
    to_sink = offset == data && !divisor_latch() && !loopback();
    if (to_sink) {
      registers_.transmit_empty_pending = 0;
    } else {
      for (const std::uint8_t value : bytes) write_register(offset, value);
    }
  }
  update_irq();
  if (to_sink) transmit(bytes);
}

// The line has just been lowered and rises again here: an edge for the interrupt controller, as from a real UART.
void Serial16550::transmit(std::span<const std::uint8_t> bytes) {
  sink_.write(bytes);
  {
    const std::lock_guard lock(mutex_);
    registers_.transmit_empty_pending = 1;
  }
  update_irq();
}

void Serial16550::write_register(std::uint16_t offset, std::uint8_t value) {
  Registers& r = registers_;
  switch (offset) {
    case data:
      if (divisor_latch()) {
        r.divisor = static_cast<std::uint16_t>((r.divisor & 0xff00) | value);
      } else {
        loop_back(value);
      }
      break;
    case interrupt_enable:
      if (divisor_latch()) {
        r.divisor = static_cast<std::uint16_t>((r.divisor & 0x00ff) | value << 8);
        break;
      }
      // Enabling the THRE interrupt while THR is empty raises it at once; drivers start transmission that way.
      if (value & ~r.interrupt_enable & ier::transmit_empty) r.transmit_empty_pending = 1;
      r.interrupt_enable = value & ier::all;
      break;
    case interrupt_identification:
      set_fifo_control(value);
      break;
    case line_control:
      r.line_control = value;
      break;
    case modem_control:
      set_modem_control(value);
      break;
    case scratch:
      r.scratch = value;
      break;
    default:
      break;  // LSR and MSR: writes are for factory testing
  }
}

void Serial16550::set_fifo_control(std::uint8_t value) {
  const bool toggled = (value ^ registers_.fifo_control) & fcr::enable;
  if (toggled || (value & fcr::clear_receive)) looped_.clear();
  registers_.fifo_control = value & (value & fcr::enable ? 0xc1 : 0);
}

void Serial16550::set_modem_control(std::uint8_t value) {
  const std::uint8_t before = modem_status();
  registers_.modem_control = value & mcr::all;
  const std::uint8_t after = modem_status();
  auto delta = static_cast<std::uint8_t>((before ^ after) >> 4);
  if (after & msr::ri) delta &= static_cast<std::uint8_t>(~msr::delta_ri);
  registers_.modem_delta |= delta;
}

bool Serial16550::loopback() const { return registers_.modem_control & mcr::loopback; }
bool Serial16550::divisor_latch() const { return registers_.line_control & lcr::divisor_latch; }

// In loopback the line is cut off: host bytes go on waiting.
std::size_t Serial16550::received() const { return looped_.size() + (loopback() ? 0 : from_host_.size()); }

std::uint8_t Serial16550::take_received() {
  if (received() == 0) return 0;
  auto& queue = looped_.empty() ? from_host_ : looped_;
  const std::uint8_t value = queue.front();
  queue.pop_front();
  return value;
}

void Serial16550::loop_back(std::uint8_t value) {
  const std::size_t room = registers_.fifo_control & fcr::enable ? fifo_size : 1;
  if (looped_.size() < room) {
    looped_.push_back(value);
  } else {
    registers_.overrun = 1;
    if (room == 1) looped_.back() = value;  // without a FIFO the newer byte wins
  }
  registers_.transmit_empty_pending = 1;
}

std::uint8_t Serial16550::identify() const {
  const Registers& r = registers_;
  if ((r.interrupt_enable & ier::line_status) && r.overrun) return iir::line_status;
  if ((r.interrupt_enable & ier::received) && received() > 0) {
    // Below the trigger level the real one waits four characters' time first; no time passes here.
    const bool below_trigger =
        (r.fifo_control & fcr::enable) && received() < fcr::trigger_levels[r.fifo_control >> fcr::trigger_shift];
    return below_trigger ? iir::timeout : iir::received;
  }
  if ((r.interrupt_enable & ier::transmit_empty) && r.transmit_empty_pending) return iir::transmit_empty;
  if ((r.interrupt_enable & ier::modem_status) && r.modem_delta) return iir::modem_status;
  return iir::none;
}

std::uint8_t Serial16550::line_status() const {
  return static_cast<std::uint8_t>(lsr::holding_empty | lsr::transmitter_empty | (received() ? lsr::data_ready : 0) |
                                   (registers_.overrun ? lsr::overrun : 0));
}

std::uint8_t Serial16550::modem_status() const {
  if (!loopback()) return msr::cts | msr::dsr | msr::dcd;  // someone is always there
  const std::uint8_t control = registers_.modem_control;
  return static_cast<std::uint8_t>((control & mcr::rts ? msr::cts : 0) | (control & mcr::dtr ? msr::dsr : 0) |
                                   (control & mcr::out1 ? msr::ri : 0) | (control & mcr::out2 ? msr::dcd : 0));
}

// A PC's OUT2 pin gates the interrupt too, but not those of emulators: there are kernels that never set it.
bool Serial16550::irq_level() const { return identify() != iir::none && !loopback(); }

void Serial16550::update_irq() {
  const std::lock_guard order(irq_mutex_);
  bool level = false;
  {
    const std::lock_guard lock(mutex_);
    level = irq_level();
  }
  if (std::exchange(irq_, level) != level && set_irq_) set_irq_(level);
}

std::vector<std::uint8_t> Serial16550::waiting() const {
  const std::lock_guard lock(mutex_);
  return {from_host_.begin(), from_host_.end()};
}

void Serial16550::set_waiting(std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  from_host_.assign(bytes.begin(), bytes.end());
}

bool Serial16550::receive(std::span<const std::uint8_t> bytes) {
  bool room = false;
  {
    const std::lock_guard lock(mutex_);
    from_host_.insert(from_host_.end(), bytes.begin(), bytes.end());
    room = from_host_.size() < host_queue_full;
    throttled_ = throttled_ || !room;
  }
  update_irq();
  return room;
}

void Serial16550::reset() {
  {
    const std::lock_guard lock(mutex_);
    registers_ = {};
    looped_.clear();
  }
  update_irq();
}

void Serial16550::save(StateWriter& to) const {
  const std::scoped_lock lock(irq_mutex_, mutex_);
  to.put(registers_);
  to.put_list(std::span<const std::uint8_t>(std::vector(looped_.begin(), looped_.end())));
  to.put(std::uint8_t{irq_});
}

void Serial16550::restore(StateReader& from) {
  const auto registers = from.get<Registers>();
  const auto looped = from.get_list<std::uint8_t>();
  const auto irq = from.get<std::uint8_t>();
  if (looped.size() > fifo_size) throw StateError("more bytes than the receive FIFO holds");
  const std::scoped_lock lock(irq_mutex_, mutex_);
  registers_ = registers;
  looped_.assign(looped.begin(), looped.end());
  irq_ = irq != 0;
}

}  // namespace gdbvm

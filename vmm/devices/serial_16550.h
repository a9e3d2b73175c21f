// A 16550A UART (National Semiconductor PC16550D data sheet): eight byte-wide registers and an interrupt line.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>

#include "vmm/devices/bus.h"
#include "vmm/devices/serial_sink.h"
#include "vmm/devices/state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// Transmission takes no time: THR is always empty when the guest looks. Bytes from the host wait on the line, as many
// as there are, until the guest reads them: there is no overrun and a FIFO reset loses none of them.
class Serial16550 final : public PortDevice {
 public:
  static constexpr std::uint16_t com1_port = x86::wiring::com1_port, com2_port = x86::wiring::com2_port,
                                 port_count = x86::wiring::com_ports;
  static constexpr unsigned com1_irq = x86::wiring::com1_irq, com2_irq = x86::wiring::com2_irq;

  // `set_irq` is called with the line's new level at each change, on the thread that caused it, one call at a time. It
  // must not call back into the device. `sink` outlives the device.
  Serial16550(SerialSink& sink, std::function<void(bool level)> set_irq);

  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void write_string(std::uint16_t offset, unsigned size, std::span<const std::uint8_t> bytes) override;
  // Registers only: bytes that the guest has not read yet stay.
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  // Without the bytes that wait on the line. A restore may find some that the guest must hear of: once the interrupt
  // controllers are restored too, receive({}) brings the interrupt line to the level that they call for.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  // The bytes that wait on the line, for who brings the device back to where it was with them.
  std::vector<std::uint8_t> waiting() const;
  void set_waiting(std::span<const std::uint8_t> bytes);

  // Bytes from the host; callable from any thread. false: enough for now, `wanted` will be called (a matter of manners:
  // the bytes were taken anyway).
  bool receive(std::span<const std::uint8_t> bytes);
  // Called on a vCPU thread, without a lock held, when a full queue has drained. Set before the guest runs.
  void set_input_wanted(std::function<void()> wanted) { input_wanted_ = std::move(wanted); }

 private:
  struct Registers {
    std::uint8_t interrupt_enable = 0, line_control = 0, modem_control = 0, scratch = 0;
    std::uint8_t fifo_control = 0;
    std::uint8_t modem_delta = 0;
    std::uint16_t divisor = 12;  // 9600 baud
    // Yes or no:
    std::uint8_t overrun = 0;
    std::uint8_t transmit_empty_pending = 0;  // the THRE interrupt, an event and not a level
  };
  static_assert(PlainState<Registers>);
  std::uint8_t read_register(std::uint16_t offset);
  void write_register(std::uint16_t offset, std::uint8_t value);
  void transmit(std::span<const std::uint8_t> bytes);

  // All of these need mutex_.
  bool loopback() const;
  bool divisor_latch() const;
  std::uint8_t take_received();
  void loop_back(std::uint8_t value);
  std::size_t received() const;
  std::uint8_t identify() const;
  std::uint8_t line_status() const;
  std::uint8_t modem_status() const;
  void set_modem_control(std::uint8_t value);
  void set_fifo_control(std::uint8_t value);
  bool irq_level() const;

  // Brings the line to the level that the registers ask for; without mutex_.
  void update_irq();

  SerialSink& sink_;
  const std::function<void(bool)> set_irq_;
  std::function<void()> input_wanted_;

  mutable std::mutex mutex_;  // the registers and queues
  Registers registers_;
  std::deque<std::uint8_t> looped_;     // receive FIFO, filled by loopback only
  std::deque<std::uint8_t> from_host_;  // on the line
  bool throttled_ = false;

  mutable std::mutex irq_mutex_;  // orders calls of set_irq_; taken before mutex_
  bool irq_ = false;
};

}  // namespace gdbvm

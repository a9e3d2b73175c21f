// The way of interrupts: from the devices' lines through the PICs, the I/O APIC and the local APICs to the CPUs.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "vmm/devices/i8259.h"
#include "vmm/devices/io_apic.h"
#include "vmm/devices/local_apic.h"
#include "vmm/machine/clock.h"
#include "vmm/memory/address.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm {

// All chips under one lock: a message between two of them takes no time. From any thread, but for a CPU's side, which
// is its own thread's.
class Interrupts final {
 public:
  using Wake = std::function<void(VcpuIndex)>;

  // `clock` outlives it.
  Interrupts(unsigned cpus, const Clock& clock);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  // Called under the lock, for a CPU that is in the guest (see enter()) when something has come for it. Set before the
  // first CPU runs.
  void set_wake(Wake wake) { wake_ = std::move(wake); }
  std::size_t cpus() const { return seats_.size(); }

  // A device's line, to the PICs (0-15) and to the I/O APIC (0-23): asserted or not, whatever the polarity.
  void set_line(unsigned line, bool asserted);
  // It rises, and falls back to its level: each controller that does not mask it takes one interrupt. (Of a
  // level-triggered one the I/O APIC alone.)
  void pulse_line(unsigned line);

  // ---- a CPU's side
  // By IA32_APIC_BASE. Without its local APIC the CPU has the PICs' output at its INTR pin.
  enum class Apic : bool { Disabled, Enabled };
  // NMI, INIT and start-up messages that have come since it asked last; its timer expires if it is due.
  LocalApic::Signals take_signals(VcpuIndex cpu);
  // An interrupt could be delivered to a CPU whose CR8 is known (see set_cr8()).
  bool pending(VcpuIndex cpu, Apic apic);
  // The vector of the most urgent one, which is in service from now on; nullopt: it has gone.
  std::optional<std::uint8_t> acknowledge(VcpuIndex cpu, Apic apic);
  // That vector, which acknowledge() returned last, has not reached the CPU: it is not in service, and waits as before.
  void give_back(VcpuIndex cpu, std::uint8_t vector);
  // When its timer will expire next.
  std::optional<Clock::Time> next_event(VcpuIndex cpu);
  // Something has come since it asked for its signals last.
  bool news(VcpuIndex cpu) const;
  // From here until leave() the CPU is woken by what comes for it. false: something has come since take_signals().
  [[nodiscard]] bool enter(VcpuIndex cpu);
  void leave(VcpuIndex cpu);
  // A non-maskable interrupt from outside.
  void send_nmi(VcpuIndex cpu);
  // Registers of its local APIC, by their offset in the page: aligned words of 4 bytes; of other accesses the rest
  // reads as 0 and is not written.
  void read_apic(VcpuIndex cpu, std::uint64_t offset, std::span<std::uint8_t> out);
  void write_apic(VcpuIndex cpu, std::uint64_t offset, std::span<const std::uint8_t> bytes);
  std::uint8_t cr8(VcpuIndex cpu);  // as the local APIC's task priority has it
  void set_cr8(VcpuIndex cpu, std::uint8_t cr8);
  void init_apic(VcpuIndex cpu);  // as INIT leaves it

  // ---- the chips as devices
  std::uint8_t read_pic(std::uint16_t port);
  void write_pic(std::uint16_t port, std::uint8_t value);
  std::uint32_t read_io_apic(unsigned offset);
  void write_io_apic(unsigned offset, std::uint32_t value);

  // No vCPU runs.
  static constexpr std::uint32_t state_version = 1;
  void reset();
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  // ---- for people
  x86::InterruptControllers controllers();
  x86::LocalApicRegisters local_apic(VcpuIndex cpu);

 private:
  struct Seat {
    bool news = false;    // something has come that the CPU has not looked at
    bool inside = false;  // it has to be woken for it
    bool of_pic = false;  // what it acknowledged last
  };
  // All of these need mutex_.
  void tell(std::size_t cpu);
  bool send(const ApicMessage& message, std::optional<std::size_t> from = {});
  void pic_changed();
  bool pic_reaches(VcpuIndex cpu, Apic apic) const;

  const Clock& clock_;
  Wake wake_;
  mutable std::mutex mutex_;
  I8259Pair pic_;
  std::vector<LocalApic> apics_;
  IoApic io_apic_;
  std::vector<Seat> seats_;
};

}  // namespace gdbvm

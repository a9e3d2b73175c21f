// The transport by registers in memory (Virtual I/O Device 1.2, 4.2).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "vmm/devices/memory_bus.h"
#include "vmm/devices/state.h"
#include "vmm/devices/virtio/device.h"
#include "vmm/devices/virtio/queue.h"

namespace gdbvm::virtio {

// Requests are served by the vCPU that notifies, before its next instruction: when all vCPUs stand, no device touches
// memory. A queue may hold gigabytes of them: where `interrupted` says between two requests that the thread is wanted
// elsewhere, the others wait for catch_up(). `set_interrupt` is told the line's level.
class Mmio final : public MemoryDevice {
 public:
  using Interrupted = std::function<bool()>;  // as Console's
  Mmio(std::unique_ptr<Device> device, GuestMemory& memory, std::function<void(bool level)> set_interrupt,
       Interrupted interrupted = {});

  void read(std::uint64_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  bool catch_up() override;
  static constexpr std::uint32_t state_version = 1;
  // With the queue and the requests that wait for catch_up(). Restored only to a device of the same type, features and
  // configuration, such as a disk of the same size.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  // What a reset sets back; all the driver's choices.
  struct State {
    std::uint32_t status = 0;
    std::uint32_t device_features_half = 0, driver_features_half = 0;
    std::uint64_t driver_features = 0;
    std::uint32_t queue = 0;  // selected; there is only queue 0
    QueuePlace place;
    std::uint32_t interrupts = 0;
  };

  std::uint64_t offered() const;
  std::uint32_t read_register(std::uint64_t offset) const;
  void write_register(std::uint64_t offset, std::uint32_t value);
  void write_queue_register(std::uint64_t offset, std::uint32_t value);
  void set_status(std::uint32_t value);
  void start_over();
  void serve();
  bool serve_one();
  void set_interrupts(std::uint32_t value);

  const std::unique_ptr<Device> device_;
  const std::function<void(bool level)> set_interrupt_;
  const Interrupted interrupted_;
  mutable std::mutex mutex_;
  State state_;
  Queue queue_;
  std::atomic<std::uint32_t> due_ = 0;  // requests that a notification may still have served; changed under mutex_
};

}  // namespace gdbvm::virtio

#include "vmm/devices/virtio/mmio.h"

#include <algorithm>
#include <cstring>

namespace gdbvm::virtio {

namespace {

// Table 4.1, MMIO device register layout.
enum Register : std::uint32_t {
  magic = 0x000,
  version = 0x004,
  device_id = 0x008,
  vendor_id = 0x00c,
  device_features = 0x010,
  device_features_select = 0x014,
  driver_features = 0x020,
  driver_features_select = 0x024,
  queue_select = 0x030,
  queue_size_max = 0x034,
  queue_size = 0x038,
  queue_ready = 0x044,
  queue_notify = 0x050,
  interrupt_status = 0x060,
  interrupt_acknowledge = 0x064,
  status = 0x070,
  queue_descriptors = 0x080,  // a low and a high half, as the next two
  queue_available = 0x090,
  queue_used = 0x0a0,
  shared_memory = 0x0b0,  // length and base, two halves each: all ones, there is none
  shared_memory_end = 0x0c0,
  configuration = 0x100,
};
constexpr std::uint32_t magic_value = 0x74726976, vendor = 0x56424447;  // "virt", "GDBV"

constexpr std::uint64_t version_1 = std::uint64_t{1} << 32;                            // 6
constexpr std::uint32_t driver_ok = 4, features_ok = 8, needs_reset = 64;              // 2.1
constexpr std::uint32_t used_buffer_notification = 1, configuration_notification = 2;  // 4.2.2

// The half of a 64-bit value, 0 or 1; others do not exist.
std::uint32_t half_of(std::uint64_t value, std::uint32_t half) {
  return half > 1 ? 0 : static_cast<std::uint32_t>(value >> 32 * half);
}
void set_half(std::uint64_t& value, std::uint32_t half, std::uint32_t to) {
  if (half > 1) return;
  value = (value & ~(std::uint64_t{0xffffffff} << 32 * half)) | std::uint64_t{to} << 32 * half;
}

// What the driver talks to; it must find the same again.
struct SavedDevice {
  std::uint64_t features;
  std::uint32_t id;
  std::uint32_t due;
};
// Mmio::State without its padding.
struct SavedState {
  std::uint64_t driver_features, descriptors, available, used;
  std::uint32_t size, status, device_features_half, driver_features_half, queue, interrupts;
};

}  // namespace

Mmio::Mmio(std::unique_ptr<Device> device, GuestMemory& memory, std::function<void(bool level)> set_interrupt,
           Interrupted interrupted)
    : device_(std::move(device)),
      set_interrupt_(std::move(set_interrupt)),
      interrupted_(std::move(interrupted)),
      queue_(memory) {}

std::uint64_t Mmio::offered() const { return device_->features() | version_1; }

void Mmio::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  std::ranges::fill(out, std::uint8_t{0});
  if (offset >= configuration) {
    const auto bytes = device_->configuration();
    const std::uint64_t from = std::min<std::uint64_t>(offset - configuration, bytes.size());
    std::ranges::copy(bytes.subspan(from, std::min(bytes.size() - from, out.size())), out.begin());
  } else if (out.size() == sizeof(std::uint32_t)) {
    const std::uint32_t value = read_register(offset);
    std::memcpy(out.data(), &value, sizeof value);
  }
}

void Mmio::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  std::uint32_t value = 0;
  if (bytes.size() != sizeof value) return;
  std::memcpy(&value, bytes.data(), sizeof value);
  write_register(offset, value);
}

void Mmio::reset() {
  const std::lock_guard lock(mutex_);
  start_over();
}

std::uint32_t Mmio::read_register(std::uint64_t offset) const {
  switch (offset) {
    case magic:
      return magic_value;
    case version:
      return 2;
    case device_id:
      return device_->id();
    case vendor_id:
      return vendor;
    case device_features:
      return half_of(offered(), state_.device_features_half);
    case queue_size_max:
      return state_.queue == 0 ? Queue::max_size : 0;
    case queue_ready:
      return state_.queue == 0 && queue_.started();
    case interrupt_status:
      return state_.interrupts;
    case status:
      return state_.status;
    default:
      return offset >= shared_memory && offset < shared_memory_end ? 0xffffffff : 0;
  }
}

void Mmio::write_register(std::uint64_t offset, std::uint32_t value) {
  switch (offset) {
    case device_features_select:
      state_.device_features_half = value;
      break;
    case driver_features:
      set_half(state_.driver_features, state_.driver_features_half, value);
      break;
    case driver_features_select:
      state_.driver_features_half = value;
      break;
    case queue_select:
      state_.queue = value;
      break;
    case queue_notify:
      if (value != 0) break;
      due_ = Queue::max_size;  // more than the queue holds are not this notification's
      serve();
      break;
    case interrupt_acknowledge:
      set_interrupts(state_.interrupts & ~value);
      break;
    case status:
      set_status(value);
      break;
    default:
      if (state_.queue == 0) write_queue_register(offset, value);
  }
}

void Mmio::write_queue_register(std::uint64_t offset, std::uint32_t value) {
  switch (offset) {
    case queue_size:
      state_.place.size = value;
      break;
    case queue_ready:
      if (value & 1) {
        (void)queue_.start(state_.place);  // the driver reads the register to learn whether it is
      } else {
        queue_.stop();
      }
      break;
    case queue_descriptors:
    case queue_descriptors + 4:
      set_half(state_.place.descriptors.value, offset != queue_descriptors, value);
      break;
    case queue_available:
    case queue_available + 4:
      set_half(state_.place.available.value, offset != queue_available, value);
      break;
    case queue_used:
    case queue_used + 4:
      set_half(state_.place.used.value, offset != queue_used, value);
      break;
    default:
      break;
  }
}

// The driver resets with 0. Features that it may not have are refused by leaving FEATURES_OK clear (3.1.1).
void Mmio::set_status(std::uint32_t value) {
  if (value == 0) return start_over();
  const bool acceptable = (state_.driver_features & version_1) && !(state_.driver_features & ~offered());
  if (!acceptable) value &= ~features_ok;
  state_.status = value | (state_.status & needs_reset);
}

void Mmio::start_over() {
  set_interrupts(0);
  queue_.stop();
  state_ = {};
  due_ = 0;
}

void Mmio::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(SavedDevice{offered(), device_->id(), due_});
  to.put_list(device_->configuration());
  const State& s = state_;
  to.put(SavedState{s.driver_features, s.place.descriptors.value, s.place.available.value, s.place.used.value,
                    s.place.size, s.status, s.device_features_half, s.driver_features_half, s.queue, s.interrupts});
  to.put(queue_.state());
}

void Mmio::restore(StateReader& from) {
  const auto device = from.get<SavedDevice>();
  const auto configuration_space = from.get_list<std::uint8_t>();
  const auto s = from.get<SavedState>();
  const auto queue = from.get<Queue::State>();
  if (device.id != device_->id()) throw StateError("it is a device of another type");
  if (device.features != offered()) throw StateError("it has other features, as a read-only disk has");
  if (!std::ranges::equal(configuration_space, device_->configuration())) {
    throw StateError("it has another configuration, as a disk of another size has");
  }
  const std::lock_guard lock(mutex_);
  queue_.set_state(queue);
  due_ = std::min(device.due, Queue::max_size);
  state_ = {.status = s.status,
            .device_features_half = s.device_features_half,
            .driver_features_half = s.driver_features_half,
            .driver_features = s.driver_features,
            .queue = s.queue,
            .place = {s.size, {s.descriptors}, {s.available}, {s.used}},
            .interrupts = s.interrupts};
}

bool Mmio::catch_up() {
  if (due_.load(std::memory_order_relaxed) == 0) return true;
  const std::lock_guard lock(mutex_);
  serve();
  return due_ == 0;
}

// At least one request, so that a driver gets on however often it is interrupted.
void Mmio::serve() {
  constexpr std::uint32_t ready = features_ok | driver_ok;
  if ((state_.status & (ready | needs_reset)) != ready || !queue_.started()) due_ = 0;
  std::uint32_t served = 0;
  for (; due_ > 0; --due_, ++served) {
    if (served > 0 && interrupted_ && interrupted_()) break;
    if (!serve_one()) {
      due_ = 0;
      break;
    }
  }
  if (served > 0 && queue_.wants_interrupt()) set_interrupts(state_.interrupts | used_buffer_notification);
}

// false: there is none, or it is malformed.
bool Mmio::serve_one() {
  auto chain = queue_.take();
  if (chain) {
    queue_.put(chain->head, device_->serve(chain->request));
  } else if (chain.error() == Queue::NoChain::Malformed) {
    state_.status |= needs_reset;
    set_interrupts(state_.interrupts | configuration_notification);
  }
  return chain.has_value();
}

void Mmio::set_interrupts(std::uint32_t value) {
  const bool was = state_.interrupts != 0;
  state_.interrupts = value;
  if (was != (value != 0)) set_interrupt_(value != 0);
}

}  // namespace gdbvm::virtio

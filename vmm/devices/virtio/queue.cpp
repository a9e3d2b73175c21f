#include "vmm/devices/virtio/queue.h"

#include <atomic>
#include <bit>
#include <cstring>

namespace gdbvm::virtio {

namespace {

struct Descriptor {  // 2.7.5
  std::uint64_t address;
  std::uint32_t size;
  std::uint16_t flags;
  std::uint16_t next;
};
static_assert(sizeof(Descriptor) == 16);
constexpr std::uint16_t has_next = 1, is_writable = 2;

struct UsedElement {  // 2.7.8
  std::uint32_t head;
  std::uint32_t written;
};

// Both rings: flags, index, entries; and the word of an event index, which was not offered but has its place.
constexpr std::size_t ring_index = 2, ring_entries = 4, ring_rest = 6;
constexpr std::uint16_t no_interrupt = 1;

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// The driver's CPU writes and reads these words at any time.
std::atomic_ref<std::uint16_t> word(std::byte* at) {
  return std::atomic_ref<std::uint16_t>(*reinterpret_cast<std::uint16_t*>(at));
}

}  // namespace

std::optional<Queue::Parts> Queue::parts_at(const QueuePlace& place) const {
  if (!std::has_single_bit(place.size) || place.size > max_size) return std::nullopt;
  const auto part = [&](Gpa start, std::uint64_t size, std::uint64_t align) {
    return start.value % align == 0 ? memory_.writable_at(start, size) : nullptr;
  };
  const Parts parts{
      .place = place,
      .size = place.size,
      .descriptors = part(place.descriptors, place.size * sizeof(Descriptor), 16),
      .available = part(place.available, ring_rest + place.size * sizeof(std::uint16_t), 2),
      .used = part(place.used, ring_rest + place.size * sizeof(UsedElement), 4),
  };
  if (!parts.descriptors || !parts.available || !parts.used) return std::nullopt;
  return parts;
}

bool Queue::start(const QueuePlace& place) {
  parts_ = parts_at(place);
  taken_ = put_ = 0;
  return started();
}

Queue::State Queue::state() const {
  const QueuePlace place = parts_ ? parts_->place : QueuePlace{};
  return {place.descriptors.value, place.available.value, place.used.value, place.size, taken_, put_};
}

void Queue::set_state(const State& state) {
  const auto parts = parts_at({state.size, {state.descriptors}, {state.available}, {state.used}});
  if (!parts && state.size != 0) throw StateError("its queue is not in this machine's RAM");
  parts_ = parts;
  taken_ = state.taken;
  put_ = state.put;
}

bool Queue::add_readable(Request& request, Gpa start, std::uint32_t size) const {
  const std::size_t before = request.readable.size();
  request.readable.resize(before + size);
  return memory_.read_own(start, std::span(request.readable).subspan(before)) == size;
}

bool Queue::add_writable(Request& request, Gpa start, std::uint32_t size) const {
  auto* host = reinterpret_cast<std::uint8_t*>(memory_.writable_at(start, size));
  if (!host) return false;
  if (size > 0) request.writable.emplace_back(host, size);
  memory_.note_written(start, size);
  return true;
}

std::expected<Queue::Chain, Queue::NoChain> Queue::take() {
  const auto malformed = std::unexpected(NoChain::Malformed);
  const std::uint32_t mask = parts_->size - 1;
  if (word(parts_->available + ring_index).load(std::memory_order_acquire) == taken_) {
    return std::unexpected(NoChain::Empty);
  }
  const auto head = load<std::uint16_t>(parts_->available + ring_entries + (taken_ & mask) * sizeof(std::uint16_t));
  Chain chain{head, {}};
  std::uint16_t at = head;
  bool writable = false;
  std::uint64_t bytes = 0;
  for (std::uint32_t length = 0; length < parts_->size; ++length) {
    if (at >= parts_->size) return malformed;
    const auto each = load<Descriptor>(parts_->descriptors + at * sizeof(Descriptor));
    if (each.flags & ~(has_next | is_writable)) return malformed;
    if (writable && !(each.flags & is_writable)) return malformed;
    writable = each.flags & is_writable;
    bytes += each.size;
    if (bytes > max_bytes) return malformed;
    const bool added = writable ? add_writable(chain.request, {each.address}, each.size)
                                : add_readable(chain.request, {each.address}, each.size);
    if (!added) return malformed;
    if (!(each.flags & has_next)) {
      ++taken_;
      return chain;
    }
    at = each.next;
  }
  return malformed;
}

void Queue::put(std::uint16_t head, std::uint32_t written) {
  const UsedElement element{head, written};
  const std::uint32_t slot = put_ & (parts_->size - 1);
  std::memcpy(parts_->used + ring_entries + slot * sizeof element, &element, sizeof element);
  memory_.note_written(parts_->place.used, ring_rest + parts_->size * sizeof element);
  word(parts_->used + ring_index).store(++put_, std::memory_order_release);
}

bool Queue::wants_interrupt() const {
  // Not before the driver can see what was put: it may have asked for interrupts just then, and looked.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return !(word(parts_->available).load() & no_interrupt);
}

}  // namespace gdbvm::virtio

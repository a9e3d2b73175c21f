// The machine's time: what every timer of it counts, and what stands still when the guest does.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

#include "vmm/devices/state.h"

namespace gdbvm {

// Nanoseconds since the machine was made, less those for which it stood. now() and go() may be called from any thread;
// the others only while no vCPU runs. The machine begins standing.
class Clock final {
 public:
  using HostTime = std::chrono::steady_clock::time_point;
  using Time = std::chrono::nanoseconds;
  using HostClock = std::function<HostTime()>;

  explicit Clock(HostClock host = std::chrono::steady_clock::now) : host_(std::move(host)) {}

  Time now() const {
    const Time standing = standing_at_.load();
    return standing >= Time::zero() ? standing : host_().time_since_epoch() - ahead_.load();
  }
  HostTime host_now() const { return host_(); }
  // The host's time at which it will be that time, if the clock runs on until then.
  HostTime host_time(Time at) const { return HostTime(at + ahead_.load()); }

  void stop() {
    if (!reserved_) halt();
  }
  void go() {
    if (!reserved_) start();
  }
  // It stands, at that time from now on.
  void set(Time time) {
    if (!reserved_) standing_at_ = time;
  }

  // From now on it does as whoever says so tells it by the next three, and nothing by those above. No vCPU runs.
  void reserve(bool on) { reserved_ = on; }
  void halt() {
    if (stands()) return;
    standing_at_ = now();
  }
  void start() {
    if (!stands()) return;
    const std::lock_guard lock(going_);
    if (!stands()) return;
    ahead_ = host_().time_since_epoch() - standing_at_.load();
    standing_at_ = running;
  }
  void put_at(Time time) { standing_at_ = time; }

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const { to.put(std::int64_t{now().count()}); }
  void restore(StateReader& from) {
    const Time time{from.get<std::int64_t>()};
    if (time < Time::zero()) throw StateError("the machine's time is negative");
    put_at(time);
  }

 private:
  static constexpr Time running{-1};
  bool stands() const { return standing_at_.load() >= Time::zero(); }

  const HostClock host_;
  std::atomic<Time> standing_at_{Time::zero()};  // or running
  std::atomic<Time> ahead_{Time::zero()};        // of the machine's time, the host's
  std::mutex going_;
  bool reserved_ = false;
};

}  // namespace gdbvm

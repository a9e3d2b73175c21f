// Who may run guest code right now: every vCPU at once, or one party alone while all others wait outside.
#include "vmm/debug/guest_gate.h"

namespace gdbvm {

bool GuestGate::enter(VcpuIndex cpu) {
  std::unique_lock lock(mutex_);
  Seat& seat = seats_[cpu.value];
  changed_.wait(lock, [&] { return seat.park || !exclusive_; });
  if (seat.park) return false;
  seat.in_turn = true;
  return true;
}

void GuestGate::leave(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].in_turn = false;
  if (exclusive_) changed_.notify_all();
}

void GuestGate::begin(int self) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !exclusive_; });
  exclusive_ = true;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (seats_[i].in_turn && static_cast<int>(i) != self) vcpus_[i]->kick();
  }
  changed_.wait(lock, [&] { return !others_in_turn(self); });
}

bool GuestGate::others_in_turn(int self) const {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (seats_[i].in_turn && static_cast<int>(i) != self) return true;
  }
  return false;
}

void GuestGate::end_exclusive() {
  const std::lock_guard lock(mutex_);
  exclusive_ = false;
  changed_.notify_all();
}

void GuestGate::ask_to_park(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  Seat& seat = seats_[cpu.value];
  seat.park = true;
  if (seat.in_turn) vcpus_[cpu.value]->kick();
  changed_.notify_all();
}

void GuestGate::allow(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].park = false;
}

bool GuestGate::wanted(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value].park || exclusive_;
}

bool GuestGate::asked_to_park(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value].park;
}

}  // namespace gdbvm

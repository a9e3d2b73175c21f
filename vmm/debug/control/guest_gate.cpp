// Who may run guest code right now: every vCPU at once, or one party alone while all others wait outside.
#include "vmm/debug/control/guest_gate.h"

namespace gdbvm {

template <class F>
void GuestGate::wait_for_end(Lock& lock, F&& met) {
  while (!changed_.wait_for(lock, patience, met)) {
    if (exclusive_ && owner_ != nobody) vcpus_[owner_]->kick();
  }
}

bool GuestGate::enter(VcpuIndex cpu) {
  Lock lock(mutex_);
  Seat& seat = seats_[cpu.value];
  seat.waits = true;
  await_head_start(lock, cpu);
  wait_for_end(lock, [&] { return seat.park || lets_in(seat); });
  seat.waits = false;
  if (seat.park) {
    end_head_start(cpu);
    return false;
  }
  seat.in_turn = true;
  return true;
}

void GuestGate::give_head_start(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  ahead_ = cpu.value;
  ahead_until_ = Clock::now() + head_start_;
}

void GuestGate::await_head_start(Lock& lock, VcpuIndex cpu) {
  const auto over = [&] { return seats_[cpu.value].park || ahead_ == nobody || ahead_ == cpu.value; };
  if (!changed_.wait_until(lock, ahead_until_, over)) ahead_ = nobody;
}

void GuestGate::end_head_start(VcpuIndex cpu) {
  if (ahead_ != cpu.value) return;
  ahead_ = nobody;
  changed_.notify_all();
}

void GuestGate::leave(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].in_turn = false;
  end_head_start(cpu);
  if (exclusive_) changed_.notify_all();
}

template <class F>
bool GuestGate::any_other(std::size_t self, F&& holds) const {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (i != self && holds(seats_[i])) return true;
  }
  return false;
}

void GuestGate::begin_exclusive() {
  Lock lock(mutex_);
  wait_before_vcpus(lock);
  close(lock, nobody);
}

void GuestGate::begin_exclusive(VcpuIndex cpu) {
  Lock lock(mutex_);
  queue_.push_back(cpu.value);
  const auto free = [&] { return queue_.front() == cpu.value && lets_in(seats_[cpu.value]) && !inspected_; };
  wait_for_end(lock, free);
  give_others_a_slice(lock, cpu);
  wait_for_end(lock, free);
  queue_.pop_front();
  close(lock, cpu.value);
}

void GuestGate::wait_before_vcpus(Lock& lock) {
  debugger_waits_ = true;
  wait_for_end(lock, [&] { return !exclusive_; });
  debugger_waits_ = false;
}

// Not when all the others are parked, or wait for a section of their own.
void GuestGate::give_others_a_slice(Lock& lock, VcpuIndex cpu) {
  const auto now = Clock::now();
  if (now - opened_at_ >= slice) crowded_since_ = now;
  if (now - crowded_since_ < slice) return;
  changed_.wait_until(lock, opened_at_ + slice, [&] {
    return seats_[cpu.value].park || !any_other(cpu.value, [](const Seat& s) { return s.in_turn || s.waits; });
  });
  crowded_since_ = Clock::now();
}

void GuestGate::close(Lock& lock, std::size_t self) {
  exclusive_ = true;
  owner_ = self;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (seats_[i].in_turn && i != self) vcpus_[i]->kick();
  }
  changed_.wait(lock, [&] { return !any_other(self, [](const Seat& s) { return s.in_turn; }); });
}

void GuestGate::end_exclusive() {
  const std::lock_guard lock(mutex_);
  exclusive_ = false;
  owner_ = nobody;
  opened_at_ = Clock::now();
  changed_.notify_all();
}

void GuestGate::begin_inspection() {
  Lock lock(mutex_);
  wait_before_vcpus(lock);
  inspected_ = true;
  changed_.notify_all();  // those that waited behind us to enter
}

void GuestGate::end_inspection() {
  const std::lock_guard lock(mutex_);
  inspected_ = false;
  changed_.notify_all();
}

void GuestGate::begin_hold() {
  const std::lock_guard lock(mutex_);
  ++holds_;
}

void GuestGate::end_hold() {
  const std::lock_guard lock(mutex_);
  --holds_;
  changed_.notify_all();
}

void GuestGate::ask_to_park(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  Seat& seat = seats_[cpu.value];
  if (seat.park) return;
  seat.park = true;
  if (seat.in_turn || (exclusive_ && owner_ == cpu.value)) vcpus_[cpu.value]->kick();
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

// One mutex, and one condition variable for everything that changes.
#include "vmm/debug/control/guest_gate.h"

#include <algorithm>

namespace gdbvm {

template <class F>
void GuestGate::wait_until(Lock& lock, F&& condition) {
  while (!changed_.wait_for(lock, kick_interval, condition)) {
    if (exclusive_ && owner_ != no_vcpu) vcpus_[owner_]->kick();
  }
}

bool GuestGate::enter(VcpuIndex cpu) {
  Lock lock(mutex_);
  Seat& seat = seats_[cpu.value];
  seat.entering = true;
  wait_for_head_start_of_another(lock, cpu);
  wait_until(lock, [&] { return seat.asked_to_park || lets_in(seat); });
  seat.entering = false;
  if (seat.asked_to_park) {
    end_head_start(cpu);
    return false;
  }
  seat.in_turn = true;
  return true;
}

void GuestGate::give_head_start(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  head_start_of_ = cpu.value;
  head_start_ends_ = Clock::now() + head_start_;
}

void GuestGate::wait_for_head_start_of_another(Lock& lock, VcpuIndex cpu) {
  const auto over = [&] {
    return seats_[cpu.value].asked_to_park || head_start_of_ == no_vcpu || head_start_of_ == cpu.value;
  };
  if (!changed_.wait_until(lock, head_start_ends_, over)) head_start_of_ = no_vcpu;
}

void GuestGate::end_head_start(VcpuIndex cpu) {
  if (head_start_of_ != cpu.value) return;
  head_start_of_ = no_vcpu;
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
  wait_ahead_of_vcpus(lock);
  shut_others_out(lock, no_vcpu);
}

void GuestGate::begin_exclusive(VcpuIndex cpu) {
  Lock lock(mutex_);
  queue_.push_back(cpu.value);
  const auto free = [&] { return !inspecting_ && first_that_may_begin() == cpu.value; };
  wait_until(lock, free);
  give_others_a_slice(lock, cpu);
  wait_until(lock, free);
  std::erase(queue_, cpu.value);
  shut_others_out(lock, cpu.value);
}

std::size_t GuestGate::first_that_may_begin() const {
  const auto first = std::ranges::find_if(queue_, [this](std::size_t cpu) { return lets_in(seats_[cpu]); });
  return first == queue_.end() ? no_vcpu : *first;
}

void GuestGate::wait_ahead_of_vcpus(Lock& lock) {
  debugger_waits_ = true;
  wait_until(lock, [&] { return !exclusive_; });
  debugger_waits_ = false;
}

// Not while no other vCPU is in a turn or about to enter: they are all parked, or wait for sections of their own.
void GuestGate::give_others_a_slice(Lock& lock, VcpuIndex cpu) {
  const auto now = Clock::now();
  if (now - last_section_end_ >= slice) close_since_ = now;
  if (now - close_since_ < slice) return;
  changed_.wait_until(lock, last_section_end_ + slice, [&] {
    return seats_[cpu.value].asked_to_park ||
           !any_other(cpu.value, [](const Seat& s) { return s.in_turn || s.entering; });
  });
  close_since_ = Clock::now();
}

void GuestGate::shut_others_out(Lock& lock, std::size_t self) {
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
  owner_ = no_vcpu;
  last_section_end_ = Clock::now();
  changed_.notify_all();
}

void GuestGate::begin_inspection() {
  Lock lock(mutex_);
  wait_ahead_of_vcpus(lock);
  inspecting_ = true;
  changed_.notify_all();  // debugger_waits_ kept vCPUs in enter()
}

void GuestGate::end_inspection() {
  const std::lock_guard lock(mutex_);
  inspecting_ = false;
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
  if (seat.asked_to_park) return;
  seat.asked_to_park = true;
  if (seat.in_turn || (exclusive_ && owner_ == cpu.value)) vcpus_[cpu.value]->kick();
  changed_.notify_all();
}

void GuestGate::allow(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].asked_to_park = false;
}

bool GuestGate::turn_should_end(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value].asked_to_park || exclusive_;
}

bool GuestGate::asked_to_park(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value].asked_to_park;
}

}  // namespace gdbvm

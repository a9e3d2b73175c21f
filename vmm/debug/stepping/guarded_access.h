// What KVM cannot be trusted with where pages are guarded: one exit is all it takes for an instruction's accesses.
#pragma once

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/stops/slot_watchpoints.h"

namespace gdbvm {

// The instruction at the pc reaches a guarded page by more than one plain access of at most 8 bytes, or makes the CPU
// read or write one by itself, such as a descriptor table. KVM keeps only the last write of an instruction that makes
// several, asks for the same bytes for ever, or does not leave the guest at all: the pages have to be open for it.
bool needs_open_pages(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards);

// Running freely, this CPU may push more than once by one instruction (pusha, a far call, an interrupt in real mode)
// onto a guarded page, and all but the last push would be lost. In long mode no such instruction is in common use.
bool may_lose_pushes(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards);

}  // namespace gdbvm

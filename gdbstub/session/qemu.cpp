// qqemu.* and Qqemu.*: QEMU's own packets, known to kernel plug-ins for gdb.
#include "gdbstub/session/session.h"

namespace gdbstub {

Session::Handled Session::handle(const command::QemuSupported&, Reply& reply) {
  if (target_.qemu_compatibility() != nullptr) reply.text("sstepbits;sstep;PhyMemMode");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::QemuStepBits&, Reply& reply) {
  if (target_.qemu_compatibility() != nullptr) reply.text("ENABLE=1,NOIRQ=2,NOTIMER=4");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::QemuStepFlags&, Reply& reply) {
  QemuCompatibility* const qemu = target_.qemu_compatibility();
  if (qemu != nullptr) reply.format("0x{:x}", qemu->step_flags());
  return Answer::Reply;
}

Session::Handled Session::handle(const command::SetQemuStepFlags& command, Reply& reply) {
  QemuCompatibility* const qemu = target_.qemu_compatibility();
  if (qemu == nullptr) return Answer::Reply;
  if (command.flags > 7) return fail("the step flags are ENABLE 1, NOIRQ 2 and NOTIMER 4");
  return result(reply, qemu->set_step_flags(static_cast<unsigned>(command.flags)));
}

Session::Handled Session::handle(const command::QemuPhysicalMemory&, Reply& reply) {
  QemuCompatibility* const qemu = target_.qemu_compatibility();
  if (qemu != nullptr) reply.text(qemu->physical_memory() ? "1" : "0");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::SetQemuPhysicalMemory& command, Reply& reply) {
  QemuCompatibility* const qemu = target_.qemu_compatibility();
  if (qemu == nullptr) return Answer::Reply;
  return result(reply, qemu->set_physical_memory(command.on));
}

}  // namespace gdbstub

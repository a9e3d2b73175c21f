// qqemu.* and Qqemu.*: QEMU's own packets, known to kernel plug-ins for gdb.
#include "gdbstub/session/session.h"

namespace gdbstub {

Session::Handled Session::handle(const command::QemuSupported&, Reply& reply) {
  reply.text("sstepbits;sstep;PhyMemMode");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::QemuStepBits&, Reply& reply) {
  reply.text("ENABLE=1,NOIRQ=2,NOTIMER=4");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::QemuStepFlags&, Reply& reply) {
  reply.format("0x{:x}", target_.qemu_compatibility()->step_flags());
  return Answer::Reply;
}

Session::Handled Session::handle(const command::SetQemuStepFlags& command, Reply& reply) {
  if (command.flags > 7) return fail("the step flags are ENABLE 1, NOIRQ 2 and NOTIMER 4");
  return result(reply, target_.qemu_compatibility()->set_step_flags(static_cast<unsigned>(command.flags)));
}

Session::Handled Session::handle(const command::QemuPhysicalMemory&, Reply& reply) {
  reply.text(target_.qemu_compatibility()->physical_memory() ? "1" : "0");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::SetQemuPhysicalMemory& command, Reply& reply) {
  return result(reply, target_.qemu_compatibility()->set_physical_memory(command.on));
}

}  // namespace gdbstub

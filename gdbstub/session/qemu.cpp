// qqemu.* and Qqemu.*: QEMU's own packets, known to kernel plug-ins for gdb.
#include "gdbstub/session/handlers.h"

namespace gdbstub {

Handled handle(Conversation&, const command::QemuSupported&, Reply& reply) {
  reply.text("sstepbits;sstep;PhyMemMode");
  return Answer::Reply;
}

Handled handle(Conversation&, const command::QemuStepBits&, Reply& reply) {
  reply.text("ENABLE=1,NOIRQ=2,NOTIMER=4");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::QemuStepFlags&, Reply& reply) {
  reply.format("0x{:x}", c.target.qemu_compatibility()->step_flags());
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::SetQemuStepFlags& command, Reply& reply) {
  if (command.flags > 7) return fail("the step flags are ENABLE 1, NOIRQ 2 and NOTIMER 4");
  return result(reply, c.target.qemu_compatibility()->set_step_flags(static_cast<unsigned>(command.flags)));
}

Handled handle(Conversation& c, const command::QemuPhysicalMemory&, Reply& reply) {
  reply.text(c.target.qemu_compatibility()->physical_memory() ? "1" : "0");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::SetQemuPhysicalMemory& command, Reply& reply) {
  return result(reply, c.target.qemu_compatibility()->set_physical_memory(command.on));
}

}  // namespace gdbstub

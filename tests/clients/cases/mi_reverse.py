# GDB/MI backwards, as IDEs with buttons for it send it: each of its commands with --reverse, a breakpoint, a watchpoint, both
# ends of the history.
# needs: long.execute_register=true fast-host
# timeout: 90
import os
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from mi import Gdb  # noqa: E402
from vm import Vm  # noqa: E402

vm = Vm("stray_write.elf", "--history", "256M")
gdb = Gdb()


def resume(command):
    gdb.do(command)
    return gdb.wait("*stopped")


gdb.do("-gdb-set mi-async on")
gdb.do(f"-file-exec-and-symbols {vm.image}")
gdb.do(f"-target-select remote {vm.address}")
gdb.do("-list-target-features")
gdb.do("-break-insert -f found_broken")
resume("-exec-continue")
resume("-exec-finish --reverse")
resume("-exec-next --reverse")
resume("-exec-step --reverse")
resume("-exec-step-instruction --reverse")
resume("-exec-next-instruction --reverse")
gdb.do("-break-watch shared.magic")
resume("-exec-continue --reverse")
gdb.do("-stack-list-frames")
gdb.do("-break-delete 2")
gdb.do('-interpreter-exec console "monitor goto begin"')
gdb.do('-interpreter-exec console "maintenance flush register-cache"')
resume("-exec-step-instruction --reverse")
gdb.do('-interpreter-exec console "monitor goto end"')
gdb.do('-interpreter-exec console "maintenance flush register-cache"')
resume("-exec-continue")
gdb.do("-gdb-exit")
print("gdb ended with", gdb.end())

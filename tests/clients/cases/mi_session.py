# GDB/MI as the C++ extension of VS Code and CLion send it: mi-async on, breakpoints, variable objects, registers, memory,
# disassembly, steps, interrupt while the guest runs, the end.
# timeout: 60
import os
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from dap import line_of  # noqa: E402
from mi import Gdb  # noqa: E402
from vm import Vm  # noqa: E402

vm = Vm("demo.elf")
source, line = line_of("guest/demo.c")
gdb = Gdb()


def resume(command):
    gdb.do(command)
    gdb.wait("*stopped")


gdb.do("-gdb-set mi-async on")
gdb.do("-list-features")
gdb.do('-interpreter-exec console "set pagination off"')
gdb.do("-enable-pretty-printing")
gdb.do(f"-file-exec-and-symbols {vm.image}")
gdb.do(f"-target-select remote {vm.address}")
gdb.do("-list-target-features")
gdb.do(f'-break-insert -f -c "i == 1" {source}:{line("task->runs++")}')
gdb.do("-break-insert -f distance")
gdb.do("-break-insert -f -h on_divide_error")
resume("-exec-continue --all")
gdb.do("-thread-info")
gdb.do("-stack-info-depth --thread 1 11")
gdb.do("-stack-list-frames --thread 1 0 10")
gdb.do("-stack-list-arguments --thread 1 2 0 10")
gdb.do("-stack-list-variables --thread 1 --frame 0 --simple-values")
gdb.do("-stack-select-frame 0")

# Variable objects: a pointer's members, an assigned value, what a step has changed.
gdb.do("-var-create task * task")
gdb.do("-var-list-children --all-values task")
gdb.do("-var-list-children --all-values task.position")
gdb.do("-var-create watched * task->runs")
gdb.do("-var-assign watched 7")
gdb.do("-var-info-path-expression task.priority")
resume("-exec-next --thread 1")
gdb.do("-var-update --all-values *")
gdb.do("-var-evaluate-expression watched")
gdb.do("-var-delete task")

# The CPU and its memory.
gdb.do("-data-list-register-names")
gdb.do("-data-list-register-values --thread 1 --frame 0 x 0 16")
gdb.do("-data-list-changed-registers")
gdb.do('-data-evaluate-expression "$efer"')
gdb.do("-data-read-memory-bytes &rounds 4")
gdb.do("-data-write-memory-bytes &rounds 2a000000")
gdb.do("-data-evaluate-expression rounds")
gdb.do('-data-disassemble -s $pc -e "$pc + 8" -- 2')
gdb.do("-data-read-memory-bytes 0xffff900000000000 8")
gdb.do("-break-watch tasks[1].runs")
resume("-exec-continue")
gdb.do("-break-delete 1 4")
resume("-exec-continue")
resume("-exec-step --thread 1")
resume("-exec-next-instruction --thread 1")
resume("-exec-finish --thread 1")
gdb.do("-break-disable 2")
resume("-exec-continue --all")
gdb.do("-break-list")

# While the guest runs: gdb stays at the prompt, a breakpoint is set, the guest is interrupted.
gdb.do("-exec-continue --all")
gdb.wait("*running")
gdb.do("-thread-info")
gdb.do("-exec-interrupt --all")
gdb.wait("*stopped")
gdb.do(f'-break-insert -t -f {source}:{line("while (ticks - last < 50)")}')
resume("-exec-continue --all")
resume(f'-exec-until {source}:{line("while (!finished)")}')
gdb.do('-interpreter-exec console "monitor info registers"')
gdb.do("-target-detach")
gdb.do("-gdb-exit")
print("gdb ended with", gdb.end())

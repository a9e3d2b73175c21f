# LLVM's own debug adapter attaches to a guest: breakpoints, steps, variables, registers, memory, pause, the end.
# variants: lldb-vscode-14 lldb-dap-19
# timeout: 60
import os
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from dap import Adapter, line_of  # noqa: E402
from vm import Vm  # noqa: E402

vm = Vm("demo.elf")
source, lines = line_of("guest/demo.c")

ide = Adapter(os.environ["VARIANT"])
ide.request("initialize", clientID="test", adapterID="lldb", linesStartAt1=True, columnsStartAt1=True,
            pathFormat="path")
# Connected synchronously: lldb-dap 19 takes a process that has not reported its first stop yet for one that has exited.
attach = ide.start("attach", program=vm.image, stopOnEntry=True,
                   attachCommands=["script lldb.debugger.SetAsync(False)", f"gdb-remote {vm.address}",
                                   "script lldb.debugger.SetAsync(True)"])
ide.wait("initialized")
ide.request("setBreakpoints", source={"path": source}, breakpoints=[{"line": lines("int far = distance")}])
ide.request("setFunctionBreakpoints", breakpoints=[{"name": "run_task"}])
ide.request("configurationDone")
ide.answer(attach)
ide.wait("stopped", reason="exception")
ide.request("continue", threadId=1)
ide.wait("stopped", reason="breakpoint")
frames = ide.request("stackTrace", threadId=1)["stackFrames"]
scopes = ide.request("scopes", frameId=frames[0]["id"])["scopes"]
for scope in scopes:
    ide.request("variables", variablesReference=scope["variablesReference"])
ide.request("setVariable", variablesReference=scopes[0]["variablesReference"], name="times", value="2")
ide.request("evaluate", expression="times + 40", context="watch", frameId=frames[0]["id"])
ide.request("continue", threadId=1)
ide.wait("stopped", reason="breakpoint")
ide.request("stepIn", threadId=1)
ide.wait("stopped", reason="step")
ide.request("stackTrace", threadId=1)
ide.request("stepOut", threadId=1)
ide.wait("stopped", reason="step")
ide.request("next", threadId=1)
ide.wait("stopped", reason="step")
frames = ide.request("stackTrace", threadId=1)["stackFrames"]
ide.request("evaluate", expression="`register read rip cr0", context="repl", frameId=frames[0]["id"])
ide.request("setFunctionBreakpoints", breakpoints=[])
ide.request("continue", threadId=1)
vm.wait_serial("caught #UD")
ide.request("pause", threadId=1)
ide.wait("stopped", reason="exception")
ide.request("threads")
ide.request("disconnect", terminateDebuggee=True)
ide.close()
print("gdbvm ended with", vm.wait())

# Eclipse CDT's debug adapter starts gdbvm and debugs the demo kernel: every kind of breakpoint and step, variables,
# registers, memory, disassembly, the debug console, pause, restart, the end. Each response is checked.
# variants: cdt-gdb-adapter
# timeout: 90
import base64
import os
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from dap import line_of  # noqa: E402
from ide import Ide, must  # noqa: E402

image = os.environ["GUEST"] + "/demo.elf"
source, line = line_of("guest/demo.c")


def launch():
    server = {"server": os.environ["GDBVM"],
              "serverParameters": ["--gdb", "127.0.0.1:0", "--serial", "none", "--on-detach", "quit", image],
              "serverPortRegExp": "listening on 127[.]0[.]0[.]1:([0-9]+)"}
    # gdb keeps the old stack and registers.
    reset = ["monitor system_reset", "maintenance flush dcache", "maintenance flush register-cache"]
    return Ide("launch", program=image, customResetCommands=reset, target=server)


ide = launch()
# Breakpoints before the guest runs: a condition, a function, a log point.
conditional = {"line": line("task->runs++"), "condition": "i == 2"}
log_point = {"line": line('put_string("demo: ");'), "logMessage": "run_task has run"}
ide.break_at(source, conditional, log_point)
ide.request("setFunctionBreakpoints", breakpoints=[{"name": "distance"}])
ide.request("configurationDone")
frame = ide.stopped("breakpoint")
must([each["name"] for each in ide.frames] == ["run_task", "kernel_main", "_start"], "the call stack")
must(frame["line"] == conditional["line"], "the line of the breakpoint")

ide.request("threads")
local, registers = [scope["variablesReference"] for scope in ide.request("scopes", frameId=frame["id"])["scopes"]]
variables = {v["name"]: v for v in ide.request("variables", variablesReference=local)["variables"]}
must(variables["i"]["value"] == "2" and variables["times"]["value"] == "3", "locals")
ide.request("variables", variablesReference=variables["task"]["variablesReference"])
ide.request("setVariable", variablesReference=local, name="times", value="4")
must(ide.evaluate("times") == "4", "a variable set")
named = {v["name"]: v["value"] for v in ide.request("variables", variablesReference=registers)["variables"]}
must(int(named["rip"], 16) == int(frame["instructionPointerReference"], 16), "registers")
must("cr3" in named and "efer" in named and "xmm0" in named, "system and vector registers")
ide.request("setVariable", variablesReference=registers, name="r15", value="0x1234")
must(ide.evaluate("$r15") == "4660", "a register set")

# Memory, code, the debug console.
rounds = ide.address("&rounds")
must(base64.b64decode(ide.request("readMemory", memoryReference=rounds, count=4)["data"]) == b"\3\0\0\0", "memory")
ide.request("writeMemory", memoryReference=rounds, data=base64.b64encode(b"\x2a\0\0\0").decode())
must(ide.evaluate("rounds") == "42", "memory written")
code = ide.request("disassemble", memoryReference=frame["instructionPointerReference"], instructionCount=4)
must(code["instructions"][0]["line"] == conditional["line"], "disassembly")
ide.evaluate(">monitor info registers")
ide.wait_output("GDT=")
ide.evaluate(">info threads")
ide.wait_output("CPU 0 [running]")

# A data breakpoint.
ide.break_at(source, log_point)
data = ide.request("dataBreakpointInfo", variablesReference=local, name="tasks[1].runs", frameId=frame["id"])["dataId"]
ide.request("setDataBreakpoints", breakpoints=[{"dataId": data, "accessType": "write"}])
ide.go("continue", "generic")
must(ide.evaluate("tasks[1].runs") == "3", "the data breakpoint")
ide.request("setDataBreakpoints", breakpoints=[])

# A function breakpoint, steps, a log point, an instruction breakpoint.
must(ide.go("continue", "function breakpoint")["name"] == "distance", "the function breakpoint")
ide.request("setFunctionBreakpoints", breakpoints=[])
must(ide.go("next", "step")["line"] == line("int root = 0"), "a step over")
before, after = [int(ide.go("next", "step", granularity="instruction")["instructionPointerReference"], 16)
                 for _ in range(2)]
must(0 < after - before < 16, "a step by one instruction")
must(ide.go("stepOut", "step")["name"] == "run_task", "a step out")
handler = ide.address("on_divide_error")
ide.request("setInstructionBreakpoints", breakpoints=[{"instructionReference": handler}])
must(ide.go("continue", "breakpoint")["instructionPointerReference"].endswith(handler[2:]), "the instruction breakpoint")
must("run_task has run" in ide.output, "the log point")
ide.request("setInstructionBreakpoints", breakpoints=[])
ide.request("continue", threadId=1)

# While the guest runs: a breakpoint set, the guest paused.
ide.break_at(source, {"line": line("while (ticks - last < 50)")})
must(ide.stopped("breakpoint")["name"] == "heartbeat", "a breakpoint set while running")
ide.break_at(source)
ide.request("continue", threadId=1)
ide.request("pause", threadId=1)
ide.stopped("SIGINT")
must(ide.frames[-1]["name"] == "_start", "pause")
must(ide.go("stepIn", "step")["name"] in ("heartbeat", "on_timer", "kernel_main"), "a step in")

# Restart: by the machine's own reset, and by a new session, which is how an IDE does it with this adapter.
ide.request("cdt-gdb-adapter/customReset")
must(int(ide.address("$pc"), 16) == int(ide.address("_start"), 16), "reset")
ide.request("terminate")
ide.wait("terminated")
must("gdbserver stopped" in ide.output or "gdbserver exited" in ide.output, "the server has ended")
ide.close()
ide = launch()
ide.request("setFunctionBreakpoints", breakpoints=[{"name": "kernel_main"}])
ide.request("configurationDone")
must(ide.stopped("function breakpoint")["name"] == "kernel_main", "a second session")
ide.request("disconnect")
print("adapter ended with", ide.close())

# The adapter attaches to a gdbvm that is already running, with two CPUs, is refused invalid requests, leaves it
# running, and attaches again.
# variants: cdt-gdb-adapter
# timeout: 60
import os
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from dap import Refused, line_of  # noqa: E402
from ide import Ide, must  # noqa: E402
from vm import Vm  # noqa: E402

vm = Vm("smp.elf", "--run", "--cpus", "2")
vm.wait_serial("smp: started")
host, port = vm.address.split(":")
source, line = line_of("guest/smp.c")


def attach():
    return Ide("attach", program=vm.image, target={"host": host, "port": port})


ide = attach()
ide.break_at(source, {"line": line("void per_cpu_work(int cpu)"), "condition": "cpu == 1"})
ide.request("configurationDone")
must(ide.stopped("breakpoint")["name"] == "per_cpu_work" and ide.evaluate("cpu") == "1", "a condition on the CPU")
threads = ide.request("threads")["threads"]
must([each["name"].split(" (")[0] for each in threads] == ["CPU 0", "CPU 1"], "threads are CPUs")
for thread in threads:
    must(ide.request("stackTrace", threadId=thread["id"])["stackFrames"], "a stack of each CPU")
ide.break_at(source)
counted = ide.evaluate("counters[1]")
while ide.evaluate("counters[1]") == counted:  # a pause may come before CPU 1 has run
    ide.request("continue", threadId=2)
    ide.request("pause", threadId=2)
    ide.stopped("SIGINT")
try:
    ide.request("readMemory", memoryReference="0xffff900000000000", count=8)
except Refused as refusal:
    must("Unable to read memory" in str(refusal), "unmapped memory is an error")
counted = ide.evaluate("counters[1]")
ide.request("disconnect")
ide.close()

# It keeps running, and can be debugged again.
ide = attach()
ide.request("setFunctionBreakpoints", breakpoints=[{"name": "per_cpu_work"}])
ide.request("configurationDone")
ide.stopped("function breakpoint")
while ide.evaluate("counters[1]") == counted:  # the other CPU may have come first
    ide.go("continue", "function breakpoint")
must(int(ide.evaluate("counters[1]")) > int(counted), "the guest has run on")
ide.evaluate(">monitor quit")
print("gdbvm ended with", vm.wait())

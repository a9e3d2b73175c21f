# Four CPUs as threads: stopped together while they run, examined one by one, stepped, released. Commands while the guest
# runs need LLDB's asynchronous mode, so this is its Python interface.
# variants: lldb-14 lldb-19
# timeout: 60
. "$CLIENTS/lib.sh"
cat >"$WORK/session.py" <<'PYTHON'
import os

import lldb

debugger = lldb.SBDebugger.Create()
debugger.SetAsync(True)


def do(command):
    print("(lldb)", command, flush=True)
    result = lldb.SBCommandReturnObject()
    debugger.GetCommandInterpreter().HandleCommand(command, result)
    print(result.GetOutput() + result.GetError(), flush=True)


def is_state(event, state):
    restarts = lldb.SBProcess.GetRestartedFromEvent(event)  # a stop whose condition was false
    return lldb.SBProcess.EventIsProcessEvent(event) and lldb.SBProcess.GetStateFromEvent(event) == state and not restarts


def wait_for(state):
    event = lldb.SBEvent()
    while debugger.GetListener().WaitForEvent(20, event):
        if is_state(event, state):
            break
    else:
        raise SystemExit("no event")
    process = debugger.GetSelectedTarget().process
    for thread in process:
        if state == lldb.eStateStopped and thread.GetStopReason() != lldb.eStopReasonNone:
            process.SetSelectedThread(thread)
            print("stopped:", thread, flush=True)


def resume(command):
    do(command)
    wait_for(lldb.eStateRunning)


do("target create " + os.environ["GUEST"] + "/smp.elf")
do("gdb-remote " + os.environ["GDBVM_REMOTE"])
wait_for(lldb.eStateStopped)
do("thread list")
do("breakpoint set --name ap_main --one-shot true")
resume("continue")
wait_for(lldb.eStateStopped)
resume("continue")
do("process interrupt")
wait_for(lldb.eStateStopped)
do("thread list")
do("thread backtrace all")
# Before the CPUs run: LLDB 14 takes a hit that comes while it plants for a stray SIGTRAP.
do("breakpoint set --name per_cpu_work --condition cpu==2")
resume("continue")
wait_for(lldb.eStateStopped)
do("frame variable")
do("register read rdi")
do("breakpoint delete 2")
do("thread select 2")
resume("thread step-inst")
wait_for(lldb.eStateStopped)
do("thread list")
do("process detach")
PYTHON
echo 'command script import session.py' | lldb_session smp.elf --cpus 4

# The guest's screen and keyboard on a terminal, and the serial port's output, which waits meanwhile.
# needs: python3
import os
import signal

from on_terminal import Run, started

GUEST = os.environ["GUEST"] + "/"
SHOWN, HIDDEN = b"\x1b[?1049h", b"\x1b[?1049l"

# Keys are the keyboard's, and what the guest prints on its screen is drawn. Its text stays when the guest ends.
run = started("--gdb", "none", "--display", "terminal", GUEST + "keyboard.elf")
run.wait_for(SHOWN)
run.wait_for(b"\x1b[93;44m>")
run.type(b"k")
run.wait_for(b"k")
run.type(b"eys")
run.wait_for(b"s")
run.type(b"\x01s")
run.wait_for(HIDDEN)
run.wait_for(b"keyboard: type")
run.type(b"\x01s")
run.wait_for(SHOWN)
run.type(b"\r")
before = run.wait_for(HIDDEN)
print("serial output in between:", b"keyboard: got" in before)
print("ends:", run.end())
print(run.output.decode().replace("\r\n", "\n"))

# Ctrl-A s goes there without the option too, and the prompt leaves it.
run = started("--gdb", "none", GUEST + "keyboard.elf")
run.wait_for(b"keyboard: type")
run.type(b"\x01s")
run.wait_for(SHOWN)
run.type(b"\x01csendkey x\r")
run.wait_for(HIDDEN)
run.wait_for(b"(gdbvm) sendkey x\r\n(gdbvm) ")
run.type(b"\x01s")
run.wait_for(SHOWN)
run.wait_for(b"\x1b[93;44mx")
run.type(b"\x01cscreen\r")
run.wait_for(b"screen\r\nx\r\n>\r\n")
run.type(b"\x01s")
run.wait_for(SHOWN)
os.kill(run.pid, signal.SIGKILL)
print("SIGKILL:", run.end(), HIDDEN in run.output)

# Beside a serial port that is elsewhere.
run = started("--gdb", "none", "--display", "terminal", "--serial", "file:" + os.environ["WORK"] + "/serial", GUEST + "keyboard.elf")
run.wait_for(SHOWN)
run.wait_for(b">")
run.type(b"z")
run.wait_for(b"z")
run.type(b"\x01x")
print("Ctrl-A x:", run.end())
print(open(os.environ["WORK"] + "/serial").read().splitlines()[-1])

run = Run("--gdb", "stdio", "--display", "terminal", GUEST + "hello.elf")
print("bad:", run.end(), run.output.decode().strip())

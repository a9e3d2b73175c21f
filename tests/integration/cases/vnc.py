# The screen by VNC: text dot by dot, only what changes, keys and the mouse, a guest that stands still, a taken port.
# needs: python3
# timeout: 60
import os
import re
import subprocess

from rfb import Screen

GDBVM, GUEST = os.environ["GDBVM"], os.environ["GUEST"] + "/"
YELLOW, BLUE = (255, 255, 85), (0, 0, 170)
# Of a VGA's font.
GREATER = """
.........
.........
.........
.##......
..##.....
...##....
....##...
.....##..
....##...
...##....
..##.....
.##......
.........
.........
.........
.........""".split()


class Guest:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([GDBVM, "--display", "vnc=127.0.0.1:0", *arguments],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            found = re.search(r"by VNC on (\S+)", line)
            if found:
                self.address = found[1]
                return
        raise SystemExit("no VNC server")

    def wait_for(self, text):
        for line in self.process.stdout:
            print(line, end="")
            if text in line:
                return

    def end(self):
        output, _ = self.process.communicate(timeout=20)
        return f"{output}status {self.process.returncode}"


def cell(screen, row, column):
    return [screen.pixels.get((9 * column + x, 16 * row + y)) for y in range(16) for x in range(9)]


def dots(pattern):
    return [YELLOW if dot == "#" else BLUE for dot in "".join(pattern)]


guest = Guest("--gdb", "none", "--run", GUEST + "keyboard.elf")
screen = Screen(guest.address)
screen.update()
print(screen.name, screen.width, screen.height)
screen.wait_for(lambda: cell(screen, 1, 0) == dots(GREATER))
print("the guest's > is shown")
screen.key(ord(">"))  # without Shift, so that it types a dot
screen.wait_for(lambda: screen.pixels[4, 8] == BLUE)
before = dict(screen.pixels)
screen.key(ord("k"))
rectangles = []
while cell(screen, 0, 1).count(YELLOW) == 0:
    rectangles = screen.update()
print("only the first row is sent:", all(y < 16 for _, y, _, _ in rectangles))
for keysym in (ord("e"), ord("y"), 0xff0d):
    screen.key(keysym)
print(guest.end())

guest = Guest("--gdb", "none", "--run", GUEST + "mouse.elf")
guest.wait_for("ready")
screen = Screen(guest.address)
screen.point(100, 100)
screen.point(400, 160)
screen.point(370, 190)
for _ in range(2):
    screen.point(370, 190, 16)
    screen.point(370, 190)
screen.point(370, 190, 1)
guest.wait_for("wheel")  # a mouse tells the buttons that are down, not those that were
screen.point(370, 190, 4)
print(guest.end())

# Nothing runs here.
guest = Guest("--gdb", "unix:" + os.environ["WORK"] + "/gdb", GUEST + "keyboard.elf")
screens = [Screen(guest.address), Screen(guest.address)]
for screen in screens:
    screen.update()
print("a guest that stands still:", sorted({colour for screen in screens for colour in screen.pixels.values()}))
taken = subprocess.run([GDBVM, "--gdb", "none", "--run", "--display", "vnc=" + guest.address, GUEST + "hello.elf"],
                       stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
print("taken:", taken.returncode, len(taken.stderr.splitlines()), taken.stderr.strip().replace(guest.address, "ADDRESS"))
guest.process.terminate()
print("status", guest.process.wait(timeout=20))

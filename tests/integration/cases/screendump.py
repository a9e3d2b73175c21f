# Pictures of the screen, pixel by pixel: text, mode 13h and linear framebuffers, which snapshots bring back.
# needs: python3
# timeout: 60
import os
import subprocess

from png import Picture

GDBVM, GUEST, WORK = (os.environ[name] for name in ("GDBVM", "GUEST", "WORK"))
LOADED = f"file:{WORK}/saved"


def session(what, symbols, *commands):
    arguments = [os.environ["GDB"], "-nx", "-batch", "-ex", "set confirm off", "-ex",
                 f"target remote | exec {GDBVM} --gdb stdio --serial file:{WORK}/serial {what}"]
    for each in commands:
        arguments += ["-ex", each.replace("WORK", WORK)]
    done = subprocess.run([*arguments, f"{GUEST}/{symbols}.elf"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=50)
    print(*(line.replace(WORK + "/", "") for line in done.stdout.splitlines() if "pixels" in line or "cannot" in line), sep="\n")


def compare(name, expected):
    picture = Picture(f"{WORK}/{name}.png")
    wrong = [(x, y) for y in range(picture.height) for x in range(picture.width) if picture.at(x, y) != expected(x, y)]
    print(f"{name}: {len(wrong)} wrong pixels", wrong[:3])


def same(one, other):
    with open(f"{WORK}/{one}.png", "rb") as first, open(f"{WORK}/{other}.png", "rb") as second:
        print(f"{one} and {other} are", "the same" if first.read() == second.read() else "different")


# Text: two double lines in white, which reach each other, and a blue background with red on it.
session(f"{GUEST}/screen.elf", "screen", "break printed", "continue", "monitor screendump WORK/text.png")
text = Picture(f"{WORK}/text.png")
print("made by", text.software)
line = {(x, y): text.at(x, 32 + y) for x in range(18) for y in range(16)}
print("double line:", all(colour == ((255,) * 3 if y in (5, 7) else (0,) * 3) for (_, y), colour in line.items()))
print("colours:", sorted({text.at(x, y) for x in range(72, 171) for y in range(16, 32)}))

session(f"{GUEST}/mode_13h.elf", "mode_13h", "break drawn", "continue", "monitor screendump WORK/mode_13h.png")


def spread(value):
    return value << 2 | value >> 4


def in_mode_13h(x, y):
    colour = x + y & 255
    return spread(colour // 4), spread(63 - colour // 4), spread(colour % 64)


compare("mode_13h", in_mode_13h)

session(f"{GUEST}/linear.elf", "linear", "break drawn", "continue", "monitor screendump WORK/deep.png", "monitor savevm here",
        f"monitor savevm {LOADED}", "continue", "monitor screendump WORK/wide.png", "monitor loadvm here",
        "monitor screendump WORK/deep_again.png", "continue", "monitor screendump WORK/wide_again.png")
compare("deep", lambda x, y: (x & 255, y, 0x40))


def in_16_bits(x, y):
    value = (y + 20) * 640 + x + 10 & 0xffff
    red, green, blue = value >> 11, value >> 5 & 63, value & 31
    return red << 3 | red >> 2, spread(green), blue << 3 | blue >> 2


compare("wide", in_16_bits)
same("deep", "deep_again")
same("wide", "wide_again")
session(f"--restore {WORK}/saved", "linear", "monitor screendump WORK/deep_restored.png")
same("deep", "deep_restored")

session(f"{GUEST}/hello.elf", "hello", "monitor screendump /absent/picture.png")
with open(f"{WORK}/serial") as serial:
    print(serial.read())

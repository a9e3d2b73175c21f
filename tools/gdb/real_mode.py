"""Teaches gdb the frames that it misreads because of segments: after `source tools/gdb/real_mode.py`, next, nexti,
finish, up and bt work in 16-bit code, and in 32-bit code whose stack segment has a base.

gdb knows only 32-bit frames: it reads a 16-bit return address together with whatever is above it as a 32-bit one, and
sets a breakpoint that no CPU reaches. This unwinder finds return addresses as a human does: words on the stack that
point after a call (near or far) or an int whose target is the current function. It is used in real mode and in
virtual-8086 mode only.

In 32-bit code with such a stack, the caller's EBP that a function has pushed is an offset, to which gdb adds no base.
The second unwinder does, in functions that begin with push ebp; mov ebp, esp.

Both need gdbvm's registers: a linear pc, stack and frame pointer, and the bases of CS and SS.
"""

import gdb
from gdb.unwinder import Unwinder

MAX_WORDS = 64  # examined above the stack pointer
MAX_FUNCTION = 0x1000  # bytes, if no symbol says where a function begins
KEPT = (
    "eax ecx edx ebx esp ebp esi edi eip eflags cs ss ds es fs gs cs_base ss_base ds_base es_base fs_base gs_base cr0"
).split()
OUTERMOST = 0xFFFFFFFF  # the stack pointer of the outermost frame, above all others


class FrameId:
    def __init__(self, sp, pc):
        pointer = gdb.lookup_type("void").pointer()
        self.sp = gdb.Value(sp).cast(pointer)
        self.pc = gdb.Value(pc).cast(pointer)


class Call:
    """One return address: where it is, where it leads, and what was called there."""

    def __init__(self, offset, size, base, ip, target):
        self.offset = offset  # of its slot above the stack pointer, in bytes
        self.size = size  # of what was pushed: 2 near, 4 far, 6 by an int
        self.base = base  # of CS after the return
        self.ip = ip
        self.target = target  # linear; None: an indirect call, which may lead anywhere

    @property
    def pc(self):
        return self.base + self.ip


def word(data, at):
    return data[at] | data[at + 1] << 8


def read(address, size):
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except gdb.MemoryError:
        return b""


def function_start(pc):
    """By gdb's symbols, or None."""
    text = gdb.execute("info symbol %#x" % pc, to_string=True)
    if text.startswith("No symbol"):
        return None
    words = text.split()
    return pc - int(words[2]) if len(words) > 2 and words[1] == "+" else pc


def leads_here(target, pc, start):
    if target is None:
        return True
    if start is not None:
        return target == start or start <= target <= pc
    return target <= pc < target + MAX_FUNCTION


def near_call(stack, at, base):
    ip = word(stack, at)
    code = read(base + ip - 3, 3) if ip >= 3 else b""
    if len(code) == 3 and code[0] == 0xE8:
        return Call(at, 2, base, ip, base + ((ip + word(code, 1)) & 0xFFFF))
    if len(code) == 3 and code[1] == 0xFF and code[2] & 0x38 == 0x10:  # call r/m16, the form without a displacement
        return Call(at, 2, base, ip, None)
    return None


def far_call(stack, at):
    ip, base = word(stack, at), word(stack, at + 2) * 16
    code = read(base + ip - 5, 5) if ip >= 5 else b""
    if len(code) == 5 and code[0] == 0x9A:
        return Call(at, 4, base, ip, word(code, 3) * 16 + word(code, 1))
    return None


def software_interrupt(stack, at):
    ip, base = word(stack, at), word(stack, at + 2) * 16
    code = read(base + ip - 2, 2) if ip >= 2 else b""
    if len(code) == 2 and code[0] == 0xCD:
        vector = read(code[1] * 4, 4)
        if len(vector) == 4:
            return Call(at, 6, base, ip, word(vector, 2) * 16 + word(vector, 0))
    return None


def find_call(stack, base, pc):
    """The nearest return address above the stack pointer that leads out of the current function."""
    start = function_start(pc)
    for at in range(0, len(stack) - 5, 2):
        for call in (software_interrupt(stack, at), far_call(stack, at), near_call(stack, at, base)):
            if call and leads_here(call.target, pc, start):
                return call
    return None


def saved_bp(call, pc, stack):
    """A function that begins with push bp; mov bp, sp has its caller's bp below its return address."""
    if call.target is None or call.offset < 2:
        return None
    entry = read(call.target, 3)
    if entry in (b"\x55\x89\xe5", b"\x55\x8b\xec") and pc > call.target + 2:
        return word(stack, call.offset - 2)
    return None


def registers_of(pending_frame):
    """None: 64-bit registers, or another stub."""
    try:
        return {
            name: int(pending_frame.read_register(name)) & 0xFFFFFFFF
            for name in ("eip", "esp", "ebp", "eflags", "cr0", "cs_base", "ss_base")
        }
    except ValueError:
        return None


def is_real_mode(registers):
    """Or virtual-8086 mode."""
    return not registers["cr0"] & 1 or registers["eflags"] & 1 << 17


def answer(pending_frame, frame_id, values):
    """gdb does not know a register in the caller unless the frame saves it, so unchanged ones are saved too."""
    info = pending_frame.create_unwind_info(frame_id)
    for name in KEPT:
        old = pending_frame.read_register(name)
        if name in values:  # from bytes, since flags cannot be made from a number
            old = gdb.Value(values[name].to_bytes(old.type.sizeof, "little"), old.type)
        info.add_saved_register(name, old)
    return info


class RealModeUnwinder(Unwinder):
    def __init__(self):
        super().__init__("gdbvm-real-mode")

    def __call__(self, pending_frame):
        r = registers_of(pending_frame)
        if r is None or not is_real_mode(r):
            return None
        sp, pc = r["esp"], r["eip"]
        call = find_call(read(sp, 2 * MAX_WORDS), r["cs_base"], pc)
        if call is None:
            return answer(pending_frame, FrameId(OUTERMOST, 0), {"eip": 0})
        caller_sp = sp + call.offset + call.size
        values = {"eip": call.pc, "esp": caller_sp, "cs_base": call.base, "cs": call.base >> 4}
        stack = read(sp, 2 * MAX_WORDS)
        if call.size == 6:
            values["eflags"] = r["eflags"] & ~0xFFFF | word(stack, call.offset + 4)
        bp = saved_bp(call, pc, stack)
        if bp is not None:
            values["ebp"] = r["ss_base"] + bp
        return answer(pending_frame, FrameId(caller_sp, function_start(pc) or call.target or 0), values)


def pushed_ebp(r, start):
    """Where the caller's EBP is on the stack; None: it is still, or again, in the register, or not kept like this."""
    code = read(start, 7)
    push = start + 4 if code.startswith(b"\xf3\x0f\x1e\xfb") else start  # endbr32
    keeps_it = code[push - start :][:3] in (b"\x55\x89\xe5", b"\x55\x8b\xec")
    returns = read(r["eip"], 1) in (b"\xc2", b"\xc3")
    if not keeps_it or returns or r["eip"] <= push:
        return None
    return r["esp"] if r["eip"] == push + 1 else r["ebp"]


class StackBaseUnwinder(Unwinder):
    def __init__(self):
        super().__init__("gdbvm-stack-base")

    def __call__(self, pending_frame):
        r = registers_of(pending_frame)
        if r is None or is_real_mode(r) or not r["ss_base"]:
            return None
        start = function_start(r["eip"])
        at = None if start is None else pushed_ebp(r, start)
        frame = b"" if at is None else read(at, 8)
        if len(frame) < 8:
            return None
        ebp, eip = (int.from_bytes(frame[i : i + 4], "little") for i in (0, 4))
        values = {"ebp": r["ss_base"] + ebp & 0xFFFFFFFF, "eip": eip + r["cs_base"] & 0xFFFFFFFF, "esp": at + 8}
        return answer(pending_frame, FrameId(at + 8, start), values)


gdb.unwinder.register_unwinder(None, RealModeUnwinder(), replace=True)
gdb.unwinder.register_unwinder(None, StackBaseUnwinder(), replace=True)

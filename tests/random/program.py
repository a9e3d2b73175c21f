"""Small random guest programs for 64-bit mode, as ELF files made byte by byte.

A program computes in its registers, a buffer and its stack, raises exceptions it handles itself, and ends by sending its
registers and its whole memory to the serial port and its own idea of success to the exit port. Nothing in it depends on
time, so two runs of one seed must send the same bytes. It uses only what kvm_pvm can run at CPL 0.
"""

import random
import struct

BASE = 0x100000
IDT_SIZE = 0x200
BUFFER_SIZE = 0x1800  # crosses a page boundary, wherever it begins
STACK_SIZE = 0x400
RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI = range(8)
LOOP = 14  # r14 counts loops; nothing else touches it
REGISTERS = [RAX, RCX, RDX, RBX, RBP, RSI, RDI, 8, 9, 10, 11, 12, 13, 15]
EXIT_PORT, SERIAL_PORT, SCRATCH_PORT = 0xF4, 0x3F8, 0x3FF


class Program:
    """`image` is loaded at BASE; `instructions` maps addresses to names; `end` is where the report begins."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.code = bytearray()
        self.instructions = {}
        self.immediates = []  # where a later-executed `mov r, imm32` keeps its immediate
        self.patched = set()  # addresses of code that the program writes to
        self.functions = []
        self.handlers = {}
        self.layout()
        self.build()

    # The parts' addresses are known before the code is, which may grow to 0x1000 bytes.
    def layout(self):
        self.idt = BASE + 0x1000
        self.idt_pointer = self.idt + IDT_SIZE
        self.counters = self.idt_pointer + 16
        self.buffer = self.counters + 64
        self.stack = self.buffer + BUFFER_SIZE
        self.stack_top = self.stack + STACK_SIZE
        self.report = self.stack_top  # the registers
        self.image_end = self.report + 17 * 8

    def here(self):
        return BASE + len(self.code)

    def emit(self, name, *parts):
        self.instructions[self.here()] = name
        for part in parts:
            self.code += bytes([part]) if isinstance(part, int) else part

    # ---- encoding ----

    @staticmethod
    def rex(wide, reg=0, rm=0):
        return 0x40 | wide << 3 | (reg >> 3) << 2 | rm >> 3

    @staticmethod
    def absolute(reg, address):
        return bytes([(reg & 7) << 3 | 4, 0x25]) + struct.pack("<I", address)

    def on_memory(self, opcode, name, reg, address, size, before=b"", escape=b""):
        """opcode: of the 16-bit and wider form; the byte form is one less."""
        operand = b"\x66" if size == 2 else b""
        rex, main = self.rex(size == 8, reg), opcode if size > 1 else opcode - 1
        self.emit(f"{name}{size * 8}", before, operand, rex, escape, main, self.absolute(reg, address))

    def load_immediate(self, reg, value):
        self.emit("mov imm32", self.rex(0, 0, reg), 0xB8 | reg & 7, struct.pack("<I", value & 0xFFFFFFFF))

    def any_register(self):
        return self.random.choice(REGISTERS)

    def any_address(self, size):
        if self.random.random() < 0.2:  # often at the page boundary
            edge = (self.buffer | 0xFFF) + 1
            return edge - self.random.randrange(size + 8)
        return self.buffer + self.random.randrange(BUFFER_SIZE - size)

    # ---- the parts of a program ----

    def arithmetic(self):
        r = self.random
        a, b = self.any_register(), self.any_register()
        wide = r.randrange(2)
        kind = r.randrange(7)
        if kind == 0:
            self.load_immediate(a, r.getrandbits(32))
        elif kind == 1:
            self.emit("alu", self.rex(wide, b, a), r.randrange(8) << 3 | 1, 0xC0 | (b & 7) << 3 | a & 7)
        elif kind == 2:
            self.emit("inc/dec", self.rex(wide, 0, a), 0xFF, 0xC0 | r.randrange(2) << 3 | a & 7)
        elif kind == 3:
            self.emit("shift", self.rex(wide, 0, a), 0xC1, 0xC0 | r.choice([0, 1, 4, 5, 7]) << 3 | a & 7, 1)
        elif kind == 4:
            self.emit("imul", self.rex(wide, a, b), 0x0F, 0xAF, 0xC0 | (a & 7) << 3 | b & 7)
        elif kind == 5:
            self.emit("lea", self.rex(1, a, 0), 0x8D, self.absolute(a, self.any_address(8)))
        else:
            self.emit("setcc", self.rex(0, 0, a), 0x0F, 0x90 | r.randrange(16), 0xC0 | a & 7)

    def memory(self):
        r = self.random
        size = r.choice([1, 2, 4, 8])
        address, reg = self.any_address(size), self.any_register()
        kind = r.randrange(7)
        if kind == 0:
            self.on_memory(0x89, "store", reg, address, size)
        elif kind == 1:
            self.on_memory(0x8B, "load", reg, address, size)
        elif kind == 2:
            self.on_memory(r.randrange(8) << 3 | 1, "alu to memory", reg, address, size)
        elif kind == 3:
            self.on_memory(r.randrange(8) << 3 | 3, "alu from memory", reg, address, size)
        elif kind == 4:
            self.on_memory(0x87, "xchg", reg, address, size)
        elif kind == 5:
            self.on_memory(0xC1, "lock xadd", reg, address, size, b"\xf0", b"\x0f")
        else:
            self.on_memory(0xB1, "lock cmpxchg", reg, address, size, b"\xf0", b"\x0f")

    def strings(self):
        r = self.random
        count = r.randrange(12)
        backwards = r.random() < 0.3
        source, target = self.any_address(128) + 64, self.any_address(128) + 64
        limit = self.buffer + BUFFER_SIZE - 128
        self.load_immediate(RSI, max(self.buffer + 128, min(source, limit)))
        self.load_immediate(RDI, max(self.buffer + 128, min(target, limit)))
        self.load_immediate(RCX, count)
        self.emit("std" if backwards else "cld", 0xFD if backwards else 0xFC)
        opcode, wide = r.choice([(0xA4, 0), (0xA5, 0), (0xA5, 1), (0xAA, 0), (0xAB, 1), (0xAC, 0), (0xA6, 0), (0xAE, 0)])
        self.emit("rep string", 0xF3, self.rex(wide), opcode)
        self.emit("cld", 0xFC)

    def stack_pair(self):
        a, b = self.any_register(), self.any_register()
        self.push(a)
        self.few(2)
        self.emit("pop", self.rex(0, 0, b), 0x58 | b & 7)

    def push(self, reg):
        self.emit("push", self.rex(0, 0, reg), 0x50 | reg & 7)

    def flags(self):
        a = self.any_register()
        if self.random.randrange(2):
            self.emit("pushf", 0x9C)
            self.emit("pop", self.rex(0, 0, a), 0x58 | a & 7)
        else:
            status = 0x8D5 & self.random.getrandbits(12)
            self.emit("push imm", 0x68, struct.pack("<I", status | 2))
            self.emit("popf", 0x9D)

    def branch(self):
        self.emit("jcc", 0x70 | self.random.randrange(16), 0)
        at = len(self.code)
        self.few(3)
        self.code[at - 1] = len(self.code) - at

    def loop(self):
        self.load_immediate(LOOP, self.random.randrange(1, 6))
        begin = len(self.code)
        for _ in range(self.random.randrange(1, 4)):
            self.random.choice([self.arithmetic, self.memory, self.stack_pair, self.flags, self.own_int3, self.serial])()
        self.emit("dec", self.rex(0, 0, LOOP), 0xFF, 0xC8 | LOOP & 7)
        self.emit("jnz", 0x0F, 0x85, struct.pack("<i", begin - len(self.code) - 6))

    def call(self):
        if self.functions:
            target = self.random.choice(self.functions)
            self.emit("call", 0xE8, struct.pack("<i", target - self.here() - 5))

    def own_int3(self):
        self.emit("int3", 0xCC)

    def undefined(self):
        self.emit("ud2", 0x0F, 0x0B)

    def page_fault(self):
        self.emit("page fault", 0x48, 0x8B, 0x04, 0x25, 0x00, 0xF0, 0xFF, 0xFF)

    def serial(self):
        self.load_immediate(RDX, SERIAL_PORT)
        self.emit("out", 0xEE)

    def port_input(self):
        self.load_immediate(RDX, SCRATCH_PORT)
        self.emit("out", 0xEE)
        self.load_immediate(RAX, 0)
        self.emit("in", 0xEC)

    def interrupt_flag(self):
        self.emit("sti", 0xFB)
        self.arithmetic()
        self.emit("cli", 0xFA)

    def stack_segment(self):
        self.emit("mov ax,ss", 0x66, 0x8C, 0xD0)
        self.emit("mov ss,ax", 0x8E, 0xD0)
        self.arithmetic()

    def patch(self):
        """Changes the immediate of the instruction after the store."""
        a, b = self.any_register(), self.any_register()
        length = 8  # of the store
        target = self.here() + length + 2
        self.on_memory(0x89, "patch", a, target, 4)
        self.patched.update(range(target, target + 4))
        self.load_immediate(b, self.random.getrandbits(32))

    def few(self, most):
        for _ in range(self.random.randrange(1, most + 1)):
            self.random.choice([self.arithmetic, self.memory])()

    def statement(self):
        weighted = (
            [self.arithmetic] * 4 + [self.memory] * 6 + [self.strings] * 2 + [self.stack_pair] * 2 + [self.flags] * 2
            + [self.branch] * 2 + [self.loop] * 2 + [self.call] * 2 + [self.own_int3, self.undefined, self.page_fault]
            + [self.serial, self.port_input, self.interrupt_flag, self.stack_segment, self.patch]
        )  # fmt: skip
        self.random.choice(weighted)()

    # ---- the whole program ----

    def build(self):
        self.emit("jmp", 0xE9, struct.pack("<i", 0))
        self.build_handlers()
        for _ in range(self.random.randrange(1, 4)):
            self.functions.append(self.here())
            self.few(4)
            self.emit("ret", 0xC3)
        struct.pack_into("<i", self.code, 1, len(self.code) - 5)
        self.build_prologue()
        for _ in range(self.random.randrange(10, 45)):
            self.statement()
        self.build_report()
        assert len(self.code) <= 0x1000, "the program does not fit its page"
        self.image = bytes(self.code).ljust(0x1000, b"\0") + self.idt_bytes()
        self.image += struct.pack("<HQ", IDT_SIZE - 1, self.idt).ljust(16, b"\0")
        self.image += bytes(64) + self.random.randbytes(BUFFER_SIZE) + bytes(STACK_SIZE + 17 * 8)
        assert BASE + len(self.image) == self.image_end

    def build_handlers(self):
        def count(vector):
            self.emit("inc", 0xFF, 0x04, 0x25, struct.pack("<I", self.counters + 4 * (vector % 8)))

        self.handlers[3] = self.here()
        count(3)
        self.emit("iretq", 0x48, 0xCF)
        self.handlers[6] = self.here()
        self.emit("add [rsp],2", 0x48, 0x83, 0x04, 0x24, 2)
        count(6)
        self.emit("iretq", 0x48, 0xCF)
        self.handlers[14] = self.here()
        self.emit("lea rsp,[rsp+8]", 0x48, 0x8D, 0x64, 0x24, 8)
        self.emit("add [rsp],8", 0x48, 0x83, 0x04, 0x24, 8)
        count(14)
        self.emit("iretq", 0x48, 0xCF)

    def build_prologue(self):
        self.emit("mov esp", 0xBC, struct.pack("<I", self.stack_top))
        self.emit("mov ax,cs", 0x66, 0x8C, 0xC8)
        for vector in self.handlers:
            self.on_memory(0x89, "selector", RAX, self.idt + 16 * vector + 2, 2)
        self.emit("lidt", 0x0F, 0x01, 0x1C, 0x25, struct.pack("<I", self.idt_pointer))
        for reg in REGISTERS + [LOOP]:
            self.load_immediate(reg, self.random.getrandbits(32))

    def idt_bytes(self):
        table = bytearray(IDT_SIZE)
        present_interrupt_gate = 0x8E00
        for vector, handler in self.handlers.items():
            low, high = handler & 0xFFFF, handler >> 16
            struct.pack_into("<HHHHQ", table, 16 * vector, low, 0, present_interrupt_gate, high, 0)
        return bytes(table)

    def build_report(self):
        self.end = self.here()
        for reg in range(16):
            self.on_memory(0x89, "report", reg, self.report + 8 * reg, 8)
        self.emit("pushf", 0x9C)
        self.emit("pop", 0x8F, 0x04, 0x25, struct.pack("<I", self.report + 128))
        self.emit("cld", 0xFC)
        self.load_immediate(RSI, BASE)
        self.load_immediate(RCX, self.image_end - BASE)
        self.load_immediate(RDX, SERIAL_PORT)
        self.emit("rep outsb", 0xF3, 0x6E)
        self.load_immediate(RAX, 0)
        self.load_immediate(RDX, EXIT_PORT)
        self.emit("out", 0xEE)
        self.emit("cli", 0xFA)
        self.emit("hlt", 0xF4)

    def elf(self):
        header_size, entry_size = 64, 56
        offset = 0x1000
        identity = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
        header = identity + struct.pack(
            "<HHIQQQIHHHHHH", 2, 62, 1, BASE, header_size, 0, 0, header_size, entry_size, 1, 0, 0, 0
        )
        size = len(self.image)
        segment = struct.pack("<IIQQQQQQ", 1, 7, offset, BASE, BASE, size, size, 0x1000)
        return (header + segment).ljust(offset, b"\0") + self.image

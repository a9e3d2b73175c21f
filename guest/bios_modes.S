// Graphics modes by the BIOS in a boot sector: mode 13h, then VBE's mode 0x112, 640 by 480 pixels of 24 bits in a linear
// framebuffer, whose address is then at 0x8028; and text again.
.code16
.section .text.start, "ax"
.globl _start
_start:
    ljmp $0, $1f
1:  xor %ax, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x7c00, %sp
    mov $0x0013, %ax
    int $0x10
.globl packed
packed:
    mov $0x8000, %di        // where the mode is described
    mov $0x0112, %cx
    mov $0x4f01, %ax
    int $0x10
    mov $0x4112, %bx        // with the linear framebuffer
    mov $0x4f02, %ax
    int $0x10
.globl linear
linear:
    mov $0x0003, %ax
    int $0x10
.globl text
text:
    mov $0, %al        // the value
    out %al, $0xf4
halt:
    hlt
    jmp halt

// A boot sector that goes from real mode through 32-bit protected mode to long mode and reports each.
.macro say letter
    mov $\letter, %al
    out %al, %dx
.endm

.code16
.section .text.start, "ax"
.globl _start
_start:
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %ss
    mov $0x7c00, %sp
    mov $0x3f8, %dx
    say 'R'
    lgdt gdt_pointer
    mov %cr0, %eax
    or $1, %eax
    mov %eax, %cr0
    ljmp $0x08, $protected_mode

.code32
.globl protected_mode
protected_mode:
    mov $0x18, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    say 'P'
    movl $0x2003, 0x1000            // level 4 at 0x1000, level 3 at 0x2000, one 2 MiB page in level 2 at 0x3000
    movl $0x3003, 0x2000
    movl $0x83, 0x3000
    mov $0x1000, %eax
    mov %eax, %cr3
    mov %cr4, %eax
    or $0x20, %eax
    mov %eax, %cr4
    mov $0xc0000080, %ecx
    rdmsr
    or $0x100, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80000000, %eax
    mov %eax, %cr0
    ljmp $0x10, $long_mode

.code64
.globl long_mode
long_mode:
    mov $0x3f8, %dx
    say 'L'
    say '\n'
    xor %eax, %eax
    out %al, $0xf4
halt:
    hlt
    jmp halt

.balign 8
gdt:
    .quad 0, 0x00cf9b000000ffff, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word 31
    .long gdt

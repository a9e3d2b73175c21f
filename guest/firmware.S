// A firmware of 64 KiB: starts at the reset vector, says so on the debug console, and checks where it lies.
// Real mode, CS at the top of 4 GiB until the first far jump.
.code16
.section .text, "ax"
.globl _start
_start:
    xor %ax, %ax
    mov %ax, %ds
    ljmp $0xf000, $low - _start
low:                                    // the copy below 1 MiB
    cli
    mov $0xf000, %ax
    mov %ax, %ds
    mov $text - _start, %si
    mov $text_end - text, %cx
    mov $0x402, %dx
    in %dx, %al                         // 0xe9: the debug console is there
    cmp $0xe9, %al
    jne 1f
    cld
    rep outsb
1:  mov $written - _start, %bx          // RAM, so a firmware may keep variables there
    movb $1, (%bx)
    lgdtl gdt_pointer - _start
    mov %cr0, %eax
    or $1, %al
    mov %eax, %cr0
    ljmpl $8, $0xf0000 + protected - _start
.code32
protected:
    mov $16, %ax
    mov %ax, %ds
    mov $0xffff0000 + written - _start, %ebx
    movb $7, (%ebx)                     // ROM, so nothing happens
    movzbl (%ebx), %eax
    shl $4, %eax
    addb 0xf0000 + written - _start, %al
    mov $0xf4, %dx
    out %al, %dx                        // 1: the copy was written, the ROM was not
2:  hlt
    jmp 2b

text:
    .ascii "firmware: started\n"
text_end:
written:
    .byte 0
    .balign 8
gdt:
    .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word . - gdt - 1
    .long 0xf0000 + gdt - _start

    .org 0xfff0
.code16
.globl reset_vector
reset_vector:
    jmp _start
    .org 0x10000

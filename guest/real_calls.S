// A boot sector whose calls gdb's own unwinder misreads: near, far and int, in real mode, on a stack with a base.
.code16
.section .text.start, "ax"
.globl _start
_start:
    ljmp $0, $1f
1:  cli
    xor %ax, %ax
    mov %ax, %ds
    mov $0x2000, %ax
    mov %ax, %ss
    mov $0xfff0, %sp
    movw $handler, 0x21 * 4
    movw $0, 0x21 * 4 + 2
    pushw $0x0246           // above each return address
.globl again
again:
    call outer
    lcall $0, $far_away
    int $0x21
    mov $7, %al
    out %al, $0xf4
halt:
    hlt
    jmp halt

.globl outer
outer:
    push %bp
    mov %sp, %bp
    push %cx
    call inner
    pop %cx
    pop %bp
    ret

.globl inner
inner:
    incw counter
    ret

.globl far_away
far_away:
    incw counter
    lret

.globl handler
handler:
    incw counter
    iret

.globl counter
counter: .word 0

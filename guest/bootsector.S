// A boot sector: 16-bit real mode, prints through a function, counts in memory, ends the machine with value 7.
.code16
.section .text.start, "ax"
.globl _start
_start:
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %ss
    mov $0x7c00, %sp
    mov $0x1234, %bx
    mov $greeting, %si
    call print
    mov $10, %cx
count:
    incw counter
    loop count
    mov $done, %si
    call print
    mov $7, %al
    out %al, $0xf4
halt:
    hlt
    jmp halt

.globl print
print:                      // SI: text
    mov $0x3f8, %dx
1:  lodsb
    test %al, %al
    jz 2f
    out %al, %dx
    jmp 1b
2:  ret

.globl counter
counter: .word 0
greeting: .asciz "bootsector: started\n"
done: .asciz "bootsector: counted\n"

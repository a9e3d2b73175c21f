// Where most guests begin, in 32-bit and 64-bit code alike: sets a stack, calls kernel_main(), exits with its value.
.section .text.start, "ax"
.globl _start
.type _start, @function
_start:
#ifdef __x86_64__
    mov $stack_top, %rsp
    xor %ebp, %ebp
    call kernel_main
#else
    mov $stack_top, %esp
    xor %ebp, %ebp
    call kernel_main
#endif
    mov $0xf4, %edx
    out %al, %dx
halt:
    cli
    hlt
    jmp halt
.size _start, . - _start

.bss
.balign 16
stack_bottom:
    .skip 16384
.globl stack_top
stack_top:

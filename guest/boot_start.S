// The entry of a kernel that a boot protocol starts: passes what the loader left in registers to kernel_main().
// Linux: rsi (boot parameters). PVH and multiboot: eax (magic) and ebx (information).
.section .text.start, "ax"
#ifdef AT_0X200                         // Linux's 64-bit entry, from the start of the code
    .org 0x200
#endif
.globl _start
.type _start, @function
_start:
#ifdef __x86_64__
    mov $stack_top, %rsp
    xor %ebp, %ebp
    mov %rsi, %rdi
#else
    mov $stack_top, %esp
    xor %ebp, %ebp
    push %ebx
    push %eax
#endif
    call kernel_main
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

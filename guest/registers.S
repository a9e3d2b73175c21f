// Puts a known, different value in every general register, selector, segment base and cr2; then spins.
.section .text.start, "ax"
.globl _start
_start:
    mov $0xc0000100, %ecx           // IA32_FS_BASE
    mov $0x00001f1f, %edx
    mov $0x10101010, %eax
    wrmsr
    mov $0xc0000101, %ecx           // IA32_GS_BASE
    mov $0x00002f2f, %edx
    mov $0x20202020, %eax
    wrmsr
    mov $0xc0000102, %ecx           // IA32_KERNEL_GS_BASE
    mov $0x00003f3f, %edx
    mov $0x30303030, %eax
    wrmsr
    movabs $0x0000400040004000, %rax
    mov %rax, %cr2
    mov %ss, %eax
    mov %eax, %ds
    mov %eax, %es
    movabs $0x0101010101010101, %rax
    movabs $0x0202020202020202, %rbx
    movabs $0x0303030303030303, %rcx
    movabs $0x0404040404040404, %rdx
    movabs $0x0505050505050505, %rsi
    movabs $0x0606060606060606, %rdi
    movabs $0x0707070707070707, %rbp
    mov $stack_top, %rsp
    movabs $0x0808080808080808, %r8
    movabs $0x0909090909090909, %r9
    movabs $0x0a0a0a0a0a0a0a0a, %r10
    movabs $0x0b0b0b0b0b0b0b0b, %r11
    movabs $0x0c0c0c0c0c0c0c0c, %r12
    movabs $0x0d0d0d0d0d0d0d0d, %r13
    movabs $0x0e0e0e0e0e0e0e0e, %r14
    movabs $0x0f0f0f0f0f0f0f0f, %r15
    stc
.globl loaded
loaded:
    jmp loaded

.bss
.balign 16
    .skip 4096
.globl stack_top
stack_top:

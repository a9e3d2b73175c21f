// From 32-bit protected mode to long mode: until paging is on, kernel_main's address, 0xffffffff802....., is not mapped.
.section .boot, "awx"
.code32
.globl _start
_start:
    movl $level3 + 3, level4                // the first 512 GiB
    movl $level3 + 3, level4 + 511 * 8      // the last 512 GiB
    movl $level2 + 3, level3                // the first GiB
    movl $level2 + 3, level3 + 510 * 8      // -2 GiB
    movl $0x83, level2                      // 2 MiB page at 0
    movl $0x200083, level2 + 8              // 2 MiB page at 2 MiB
    mov $level4, %eax
    mov %eax, %cr3
    mov %cr4, %eax
    or $0x20, %eax                          // CR4.PAE
    mov %eax, %cr4
    mov $0xc0000080, %ecx                   // EFER.LME
    rdmsr
    or $0x100, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80000000, %eax                    // CR0.PG
    mov %eax, %cr0
.globl paging_on
paging_on:
    lgdt gdt_pointer
    ljmp $0x08, $long_mode

.code64
.globl long_mode
long_mode:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $stack_top, %rsp
    xor %ebp, %ebp
    mov $kernel_main, %rax
    call *%rax
    mov $0xf4, %dx
    out %al, %dx
halt:
    hlt
    jmp halt

.balign 8
gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word 23
    .long gdt

.balign 4096
level4: .skip 4096
level3: .skip 4096
level2: .skip 4096

.bss
.balign 16
    .skip 8192
stack_top:

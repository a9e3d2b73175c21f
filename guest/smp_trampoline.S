// Where a started CPU begins, in real mode at 0x8000 (SIPI vector 8): straight to long mode with the BSP's page tables.
.data
.code16
.globl trampoline
trampoline:
    cli
    mov %cs, %ax
    mov %ax, %ds
    lgdtl gdt_pointer - trampoline
    mov trampoline_cr3 - trampoline, %eax
    mov %eax, %cr3
    mov %cr4, %eax
    or $0x20, %eax                  // CR4.PAE
    mov %eax, %cr4
    mov $0xc0000080, %ecx           // EFER.LME
    rdmsr
    or $0x100, %eax
    wrmsr
    mov %cr0, %eax
    or $0x80000001, %eax            // CR0.PG and PE at once
    mov %eax, %cr0
    ljmpl $0x08, $ap_long_mode
.balign 8
gdt_table:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word 23
    .long gdt_table - trampoline + 0x8000
.globl trampoline_cr3
trampoline_cr3:
    .long 0
.globl trampoline_end
trampoline_end:

.text
.code64
ap_long_mode:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $1, %edi
    lock xadd %edi, cpus_online     // this CPU's number
    mov %edi, %eax
    inc %eax
    shl $12, %eax
    lea ap_stacks(%rax), %rsp
    xor %ebp, %ebp
    call ap_main

// For loaders that use the PVH boot protocol, which enters 32-bit code (QEMU): to long mode, then on to _start.
.section .note.pvh, "a", @note
    .long 4, 4, 18                          // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long pvh_start

.section .boot, "awx"
.code32
pvh_start:
    movl $level3 + 3, level4
    movl $level2 + 3, level3
    mov $level2, %edi
    mov $0x83, %eax                         // 2 MiB pages, the first GiB
next_page:
    mov %eax, (%edi)
    add $0x200000, %eax
    add $8, %edi
    cmp $level2 + 4096, %edi
    jne next_page
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
    lgdt gdt_pointer
    ljmp $0x08, $long_mode

.code64
long_mode:
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $pvh_stack, %rsp
    jmp _start

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
    .skip 4096
pvh_stack:

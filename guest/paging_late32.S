// Turns on 32-bit paging, or PAE: until then kernel_main's address, 0xc02....., is not mapped. (kvm_pvm has no
// paging outside long mode: there, setting CR0.PG is a triple fault.)
.section .boot, "awx"
.globl _start
_start:
#ifdef PAE
    movl $level2 + 1, pointers              // the first GiB
    movl $level2 + 1, pointers + 3 * 8      // and again at 3 GiB
    movl $0x83, level2                      // 2 MiB page at 0, where we are
    movl $0x200083, level2 + 8              // 2 MiB page at 2 MiB, where the kernel is
    mov $pointers, %eax
    mov $0x20, %ecx                         // CR4.PAE
#else
    movl $0x83, page_directory              // 4 MiB page at 0, where we are
    movl $0x83, page_directory + 768 * 4    // and again at 3 GiB
    mov $page_directory, %eax
    mov $0x10, %ecx                         // CR4.PSE
#endif
    mov %eax, %cr3
    mov %cr4, %eax
    or %ecx, %eax
    mov %eax, %cr4
    mov %cr0, %eax
    or $0x80000000, %eax                    // CR0.PG
    mov %eax, %cr0
.globl paging_on
paging_on:
    mov $stack_top, %esp
    xor %ebp, %ebp
    mov $kernel_main, %eax
    call *%eax
    mov $0xf4, %dx
    out %al, %dx
halt:
    hlt
    jmp halt

.balign 4096
page_directory:
pointers: .skip 4096
level2: .skip 4096

.bss
.balign 16
    .skip 8192
stack_top:

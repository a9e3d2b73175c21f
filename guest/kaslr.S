// A kernel that does not run where it was linked, like Linux with KASLR: copied to other memory, overwritten
// where it was, mapped at its link address plus SLIDE, entered, and then EFER is set up.
#define SLIDE 0x1e000000
#define PLACE 0x4000000
#define TABLES 0x5000000

.section .boot, "ax"
    .org 0x200
.globl _start
_start:
    lea stack_top(%rip), %rsp
    lea kernel_in_image(%rip), %rsi
    mov $PLACE, %edi
    mov $kernel_size, %ecx
    rep movsb
    lea kernel_in_image(%rip), %rdi     // what was here is gone
    mov $0xcc, %al
    mov $kernel_size, %ecx
    rep stosb

    mov $TABLES, %ebx
    mov %cr3, %rax
    mov (%rax), %rax                    // memory stays mapped to itself
    mov %rax, (%rbx)
    lea 0x1003(%rbx), %rax
    mov %rax, 511 * 8(%rbx)
    lea 0x2003(%rbx), %rax
    mov %rax, 0x1000 + 510 * 8(%rbx)
    movq $(PLACE | 0x83), 0x2000 + ((0x1000000 + SLIDE) >> 21) * 8(%rbx)
    mov %rbx, %cr3
    movabs $kernel_entry + SLIDE, %rax
    jmp *%rax

stack_bottom:
    .skip 256
stack_top:

.section .kernel.text, "ax"
.globl _text, start_kernel, kernel_entry
.type kernel_entry, @function
.type start_kernel, @function
_text:
kernel_entry:
    mov $0xc0000080, %ecx               // EFER.SCE
    rdmsr
    or $1, %eax
    wrmsr
    call start_kernel
    mov $0xf4, %edx
    mov $0, %eax
    out %al, %dx
halt:
    hlt
    jmp halt
    .org 0x100
start_kernel:
    incq jiffies(%rip)
    incq jiffies(%rip)
    ret
.size start_kernel, . - start_kernel

.section .kernel.data, "aw"
.globl jiffies
.type jiffies, @object
jiffies:
    .quad 40
.size jiffies, 8

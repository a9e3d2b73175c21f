// A 64-bit stack next to data that a debugger watches: a far call, and a page fault's frame, push more than once.
// Status 3: the stack held what it does without a debugger; above: the first push that did not.
.globl _start, counter, unused, pushed_selector
.text
_start:
  mov $stack, %rsp
  lgdt gdt_register
  pushq $8
  pushq $1f
  lretq
1: mov $16, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss
  movl $1, counter
  mov $on_page_fault, %eax
  mov %ax, page_fault_gate
  shr $16, %eax
  mov %ax, page_fault_gate + 6
  lidt idt_register

  mov $2, %ebx
  lcall *far_pointer
2: cmpw $8, pushed_selector
  jne failed
  cmpl $2b, pushed_selector - 4
  jne failed

  inc %ebx
  mov $0x10000000000, %rdi  // not mapped
3: mov (%rdi), %al
4: test %rdi, %rdi
  jnz failed

  movl $2, counter
  mov $1, %bl
failed:
  mov %ebx, %eax
  out %al, $0xf4

on_page_fault:
  cmpq $3b, 8(%rsp)
  jne failed
  cmpq $8, 16(%rsp)
  jne failed
  add $8, %rsp
  movq $4b, (%rsp)
  xor %edi, %edi
  iretq

.data
gdt_register:
  .word gdt_end - gdt - 1
  .quad gdt
gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_end:
idt_register:
  .word idt_end - idt - 1
  .quad idt
.balign 16
idt: .skip 14 * 16
page_fault_gate: .word 0, 8, 0x8e00, 0
  .quad 0
idt_end:
far_pointer:
  .long 2b
  .word 8
.balign 4096
counter: .long 0
.skip 1024
.skip 4
pushed_selector: .long 0
stack: .quad 0
.balign 4096
unused: .quad 0
.balign 4096

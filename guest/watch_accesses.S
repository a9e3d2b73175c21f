# Instructions that reach a page more than once or make the CPU read its tables there, next to data that a debugger
# watches. Status 3: each did what it does without a debugger; above: the first one that did not.
.code32
.globl _start, counter, unused
.text
_start:
  mov $stack, %esp
  movl $1, counter
  lgdt gdt_register
  ljmp $8, $1f
1: mov $16, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss

  mov $2, %ebx
  mov $0x11111111, %eax
  mov $0x77777777, %edi
  pusha
  cmp %eax, 28(%esp)
  jne failed
  cmp %ebx, 16(%esp)
  jne failed
  cmp %edi, (%esp)
  jne failed

  inc %ebx
  lcall $8, $2f
2: cmpw $8, 4(%esp)
  jne failed
  cmpl $2b, (%esp)
  jne failed

  inc %ebx
  sgdt operand
  cmpw $gdt_end - gdt - 1, operand
  jne failed
  cmpl $gdt, operand + 2
  jne failed

  inc %ebx  # no two bytes are equal
  mov $text + 2, %esi
  mov $text, %edi
  mov $4, %ecx
  repne cmpsb
  je failed
  test %ecx, %ecx
  jne failed

  movl $2, counter
  mov $1, %bl
failed:
  mov %ebx, %eax
  out %al, $0xf4

.data
gdt_register:
  .word gdt_end - gdt - 1
  .long gdt
.balign 4096
counter: .long 0
operand: .skip 16
.skip 1024
stack: .long 0
.balign 4096
gdt: .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
unused: .quad 0
gdt_end:
text: .ascii "123456789"
.balign 4096

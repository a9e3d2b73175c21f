// A boot sector that uses the BIOS: prints through int 10h, reads the disk's second sector by int 13h, by cylinder, head
// and sector and by block number, prints what is there, and ends the machine with value 4.
.code16
.section .text.start, "ax"
.globl _start
_start:
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x7c00, %sp
    sti
    mov %dl, drive
    mov $greeting, %si
    call print
    mov $0x0201, %ax            // one sector
    mov $0x0002, %cx
    mov $0, %dh
    mov $0x7e00, %bx
    int $0x13
    jc failed
    mov $0x7e00, %si
    call print
    movb $0, 0x7e00
    mov $0x42, %ah
    mov drive, %dl
    mov $address, %si
    int $0x13
    jc failed
    mov $0x7e00, %si
    call print
    mov $4, %al
.globl done
done:
1:  out %al, $0xf4
    hlt
    jmp 1b
failed:
    mov $trouble, %si
    call print
    mov $9, %al
    jmp 1b

.globl print
print:                          // SI: text
    lodsb
    test %al, %al
    jz 2f
    mov $0x0e, %ah
    mov $7, %bx
    int $0x10
    jmp print
2:  ret

drive: .byte 0
    .balign 4
address:
    .byte 16, 0
    .word 1, 0x7e00, 0
    .quad 1
greeting: .asciz "bios: printed\r\n"
trouble: .asciz "bios: the disk cannot be read\r\n"

# Floppy boot sector for Bochs: enters a kernel that is already in the emulator's RAM, at its PVH entry point.
#
# That saves a boot loader, reading megabytes through the BIOS, and decompressing the kernel. Bochs 2.7 reads an
# optramimage in one piece into its pool of RAM, but gives the guest that pool in blocks of 128 KiB, in the order in
# which the guest first touches them. So the image consists of blank blocks, more than the BIOS can have touched; a block
# that starts with `tag`, then the command line; the kernel's blocks; and the initramfs's. Reading unused addresses until
# the tag appears, then the kernel's and the initramfs's addresses in order, puts every block where it belongs.
#
# The assembler's --defsym gives KERNEL_ENTRY, KERNEL_BLOCKS, INITRD_SIZE (bytes) and INITRD_BLOCKS.
# ABI of the entry: Xen's public/arch-x86/hvm/start_info.h, as Linux takes it (CONFIG_PVH).

memory_map = 0x8000                     # entries of 24 bytes: address, size, type, reserved
stack = 0x7c00
block = 0x20000
kernel = 0x1000000
initrd = 0x8000000
unused = 0x20000000
unused_end = 0x28000000
tag = 0x64627674

    .code16
    .globl _start
_start:
    ljmp $0, $1f
1:  cli
    cld
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $stack, %sp

    inb $0x92, %al                      # A20
    orb $2, %al
    andb $0xfe, %al
    outb %al, $0x92

    xorl %ebx, %ebx
    movw $memory_map, %di
next_entry:                             # INT 15h, AX=E820h
    movl $0xe820, %eax
    movl $20, %ecx
    movl $0x534d4150, %edx
    int $0x15
    jc no_more_entries
    incl map_entries
    addw $24, %di
    testl %ebx, %ebx
    jnz next_entry
no_more_entries:

    cli
    lgdt gdt_register
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $8, $protected

    .code32
protected:
    movw $16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss

    movl $unused, %esi
find_tag:
    addl $block, %esi
    cmpl $unused_end, %esi
    jae no_tag
    cmpl $tag, (%esi)
    jne find_tag
    addl $4, %esi
    movl %esi, command_line

    movl $kernel, %edi
    movl $KERNEL_BLOCKS, %ecx
    call touch
    movl $initrd, %edi
    movl $INITRD_BLOCKS, %ecx
    call touch

    movl $start_info, %ebx
    movl $KERNEL_ENTRY, %eax
    jmp *%eax

touch:                                  # %ecx blocks from %edi
    movl (%edi), %eax
    addl $block, %edi
    loop touch
    ret

no_tag:                                 # Bochs's shutdown port
    movl $last_words, %esi
    movl $8, %ecx
    movw $0x8900, %dx
    rep outsb
    hlt
last_words:
    .ascii "Shutdown"

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff            # flat 32-bit code
    .quad 0x00cf93000000ffff            # flat data
gdt_register:
    .word . - gdt - 1
    .long gdt

    .balign 8
start_info:                             # struct hvm_start_info, version 1
    .long 0x336ec578, 1, 0, 1           # magic, version, flags, number of modules
    .long module, 0
command_line:
    .long 0, 0
    .quad 0                             # ACPI's RSDP; 0: Linux looks for it
    .quad memory_map
map_entries:
    .long 0, 0
module:                                 # struct hvm_modlist_entry: address, size, command line, reserved
    .quad initrd, INITRD_SIZE, 0, 0

    .org 510
    .word 0xaa55

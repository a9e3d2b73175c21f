// The first two sectors of a bzImage: a setup header (Linux Documentation/arch/x86/boot.rst), and no setup code.
#ifndef PREFERRED
#define PREFERRED 0x100000
#define MOVABLE 0
#endif
.section .header, "a"
    .org 0x1f1
    .byte 1                             // setup sectors, besides the first
    .word 0
    .long code_paragraphs
    .word 0, 0, 0, 0xaa55
    .byte 0xeb, header_end - magic      // jump
magic:
    .ascii "HdrS"
    .word 0x020c
    .long 0
    .word 0, 0
    .byte 0, 1                          // loaded high
    .word 0
    .long PREFERRED                     // code32_start
    .long 0, 0, 0
    .word 0, 0
    .long 0
    .long 0x7fffffff                    // the initrd's last byte
    .long 0x1000
    .byte MOVABLE, 0                    // relocatable
    .word 1                             // a 64-bit entry at 0x200
    .long 255                           // bytes of command line
    .long 0, 0, 0, 0, 0
    .quad 0
    .quad PREFERRED                     // preferred address
    .long 0x10000                       // memory needed there
    .long 0
header_end:
    .org 0x400

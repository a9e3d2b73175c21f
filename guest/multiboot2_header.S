// A multiboot2 header: requires the memory map and what only EFI has, names an entry point, prefers a framebuffer.
.section .text.start, "ax"
    .balign 8
header:
    .long 0xe85250d6, 0, header_end - header, -(0xe85250d6 + (header_end - header))
    .word 1, 0                          // information request
    .long 16, 6, 12
    .balign 8
    .word 3, 0                          // entry address
    .long 12, _start
    .balign 8
    .word 5, 1                          // framebuffer, optional
    .long 20, 1024, 768, 32
    .balign 8
    .word 0, 0
    .long 8
header_end:

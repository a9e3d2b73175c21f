// A multiboot header; with ADDRESSES defined, it says where the image is loaded. With INTERPRETER the ELF has a
// PT_INTERP, as Solo5's unikernels have.
#ifdef INTERPRETER
.section .interp, "a"
    .asciz "/nonexistent"
#endif
.section .text.start, "ax"
#ifdef ADDRESSES
#define FLAGS 0x10003
#else
#define FLAGS 0x3                       /* aligned modules, memory sizes */
#endif
    .balign 4
header:
    .long 0x1badb002, FLAGS, -(0x1badb002 + FLAGS)
#ifdef ADDRESSES
    .long header, header, 0, end, _start // 0: the whole file
#endif

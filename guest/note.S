// The ELF note that makes a kernel Linux or, with PVH defined, names its entry point by the PVH protocol.
.section .note.boot, "a", @note
    .balign 4
#ifdef PVH
    .long 4, 4, 18                      // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long _start
#else
    .long 6, 4, 0x100                   // LINUX_ELFNOTE_BUILD_SALT
    .asciz "Linux"
    .balign 4
    .long 0
#endif

// The ELF note that marks a kernel as Linux or, with PVH defined, names its PVH entry point.
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

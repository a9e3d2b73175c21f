# Kernels that cannot be booted by their protocol: one sentence, status 2. Prints only failures.
. "$LIB"
refused() { expect_refusal "$1" "$@"; }
# cut GUEST LENGTH, patched GUEST OFFSET OCTAL_BYTES: a guest that is damaged, as $WORK/image.
cut() { dd if="$GUEST/$1" of="$WORK/image" bs=1 count="$2" 2>/dev/null; }
patched() {
  cp "$GUEST/$1" "$WORK/image"
  # shellcheck disable=SC2059  # the bytes are a format
  printf "$3" | dd of="$WORK/image" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
long=$(printf '%0300d' 0)
dd if=/dev/zero of="$WORK/big" bs=1M count=6 2>/dev/null

cut linux.bin 600
refused "is truncated: its setup header is not complete" "$WORK/image"
cut linux.bin 1100
refused "is truncated: its setup header promises" "$WORK/image"
patched linux.bin 518 '\004\002'
refused "speaks Linux boot protocol 2.04" "$WORK/image"
patched linux.bin 529 '\000'
refused "is a zImage" "$WORK/image"
patched linux.bin 608 '\377\377\377\177'
refused "does not fit the guest's memory" "$WORK/image"
refused "takes a command line of at most 255 bytes" --append "$long" "$GUEST/linux.bin"
refused "big does not fit the guest's memory" --memory 7M --initrd "$WORK/big" "$GUEST/linux.bin"
refused "cannot open .*/absent" --initrd "$WORK/absent" "$GUEST/linux.bin"
refused "is not an ELF" --boot pvh "$GUEST/linux.bin"
refused "is not a PVH kernel" --boot pvh "$GUEST/hello.elf"
refused "has no multiboot header" --boot multiboot "$GUEST/hello.elf"
refused "is not a Linux kernel image" --boot linux "$GUEST/bootsector.bin"
refused "big does not fit" --memory 8M --initrd "$WORK/big" --initrd "$WORK/big" "$GUEST/multiboot.elf"
patched multiboot_flat.bin 4 '\043\000\001\000'
refused "has no multiboot header with a correct checksum" --boot multiboot "$WORK/image"
patched multiboot_flat.bin 16 '\000\000\000\360'
refused "lie outside the file" "$WORK/image"
patched multiboot_flat.bin 28 '\000\000\000\360'
refused "entry point 0xf0000000 is outside the guest's memory" "$WORK/image"
patched multiboot_flat.bin 24 '\000\000\000\360'
refused "lie outside the guest's memory" "$WORK/image"
refused "no protocol that has a command line" --append quiet "$GUEST/hello.elf"
refused "no protocol that has an initrd" --boot flat --initrd "$WORK/big" "$GUEST/bootsector.bin"
refused "is not a firmware image" --bios "$GUEST/bootsector.bin"
printf '\037\213\010\000' >"$WORK/image"
refused "is compressed by gzip: unpack it first .gunzip." "$WORK/image"
printf '\050\265\057\375' >"$WORK/image"
refused "is compressed by zstd: unpack it first .unzstd." "$WORK/image"
refused "needs a dynamic linker" --boot elf --append quiet "$GUEST/multiboot_interp.elf"
refused "has no multiboot2 header" --boot multiboot2 "$GUEST/multiboot.elf"
echo "all tried"

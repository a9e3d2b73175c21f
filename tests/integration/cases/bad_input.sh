# Unusable images and options: one sentence, status 2, nothing left behind. Prints only failures.
. "$LIB"
refused() {
  what=$1
  shift
  expect_refusal "$what" . "$@"
}
# patched OFFSET OCTAL_BYTES: hello.elf with some bytes changed, as $WORK/image.
patched() {
  cp "$GUEST/hello.elf" "$WORK/image"
  # shellcheck disable=SC2059  # the bytes are a format
  printf "$2" | dd of="$WORK/image" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
full='\377\377\377\377\377\377\377\177'

: >"$WORK/empty"
refused "an empty image" "$WORK/empty"
refused "no image" "$WORK/absent"
refused "a directory" "$WORK"
refused "no argument"
for length in 1 4 16 52 63 64 100 119; do
  dd if="$GUEST/hello.elf" of="$WORK/image" bs=1 count=$length 2>/dev/null
  [ $length -lt 4 ] || refused "an ELF file of $length bytes" "$WORK/image"
done
patched 24 "$full"
refused "entry at 2^63" "$WORK/image"
patched 24 '\000\000\000\100\000\000\000\000'
refused "entry outside RAM" "$WORK/image"
patched 32 "$full"
refused "program headers at 2^63" "$WORK/image"
patched 56 '\377\377'
refused "65535 program headers" "$WORK/image"
patched 54 '\001\000'
refused "program headers of one byte" "$WORK/image"
patched 18 '\050\000'
refused "an ARM image" "$WORK/image"
patched 5 '\002'
refused "a big-endian image" "$WORK/image"
patched 72 "$full"
refused "segment at offset 2^63" "$WORK/image"
patched 88 "$full"
refused "segment at physical 2^63" "$WORK/image"
patched 96 "$full"
refused "2^63 bytes in the file" "$WORK/image"
patched 104 "$full"
refused "2^63 bytes in memory" "$WORK/image"
patched 88 '\000\360\377\377\377\377\377\377'
refused "segment that wraps" "$WORK/image"
refused "memory of zero" --memory 0 "$GUEST/hello.elf"
refused "memory that is not a number" --memory lots "$GUEST/hello.elf"
refused "memory of 2^63" --memory 9223372036854775808 "$GUEST/hello.elf"
refused "memory of exabytes" --memory 8E "$GUEST/hello.elf"
refused "memory below the image" --memory 64K "$GUEST/hello.elf"
refused "an unknown option" --frobnicate "$GUEST/hello.elf"
refused "an unknown mode" --mode quantum "$GUEST/hello.elf"
refused "a port of 99999" --gdb 127.0.0.1:99999 "$GUEST/hello.elf"
refused "a serial port nowhere" --serial carrier-pigeon "$GUEST/hello.elf"
refused "a trace of nothing" --trace nothing "$GUEST/hello.elf"
refused "a snapshot that is none" --restore "$GUEST/hello.elf"
refused "no snapshot" --restore "$WORK/absent" "$GUEST/hello.elf"
printf 'gdbvm snapshot\n\0\001\0\0\0' >"$WORK/cut"
refused "a snapshot that is cut off" --restore "$WORK/cut"
refused "a command line for a snapshot" --restore "$WORK/cut" --append x
refused "an unwritable serial file" --serial file:/absent/x "$GUEST/hello.elf"
: >"$WORK/taken"
refused "a unix socket that exists" --gdb "unix:$WORK/taken" "$GUEST/hello.elf"
[ -f "$WORK/taken" ] || echo "the file in the way is gone"
echo "all tried"
head -c 512 /dev/zero >"$WORK/disk"
expect_refusal "a disk with a past" "/disk would be written to its file, now and in the past: add ,snapshot$" --history 64M \
  --disk "$WORK/disk" "$GUEST/hello.elf"
expect_refusal "the past of two CPUs" "history needs a machine of one CPU" --history 64M --cpus 2 "$GUEST/hello.elf"

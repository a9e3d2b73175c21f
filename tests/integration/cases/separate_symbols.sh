# Symbols in a file next to the image, found by its build id or its .gnu_debuglink: gdb without a file gets them. A file
# that does not belong to the image is not served.
# needs: objcopy
. "$LIB"
look() {
  "$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' \
    -ex "target remote | exec '$GDBVM' --gdb stdio --serial none '$WORK/kernel.elf'" -ex 'info line kernel_main' -ex kill 2>&1 |
    grep -e 'Line ' -e 'No symbol'
}
objcopy --only-keep-debug "$GUEST/demo.elf" "$WORK/kernel.debug"

echo "--- stripped"
objcopy -S "$GUEST/demo.elf" "$WORK/kernel.elf"
look
echo "--- by its link"
(cd "$WORK" && objcopy --add-gnu-debuglink=kernel.debug kernel.elf)
look
echo "--- in .debug"
mkdir "$WORK/.debug"
mv "$WORK/kernel.debug" "$WORK/.debug/"
look
echo "--- another build's"
objcopy --only-keep-debug "$GUEST/faults.elf" "$WORK/.debug/kernel.debug"
look

echo "--- by its build id"
printf '\004\000\000\000\004\000\000\000\003\000\000\000GNU\000\253\315\357\001' >"$WORK/id"
for part in S -only-keep-debug; do
  objcopy --add-section .note.gnu.build-id="$WORK/id" "-$part" "$GUEST/demo.elf" "$WORK/made$part"
done
mv "$WORK/madeS" "$WORK/kernel.elf"
mkdir -p "$WORK/.build-id/ab"
mv "$WORK/made-only-keep-debug" "$WORK/.build-id/ab/cdef01.debug"
look

# gdb without a file argument gets its symbols from gdbvm: the image's, or those of --symbols if the image has none.
. "$LIB"
nameless() { "$GDB" -nx -batch -ex 'set width 0' "$@" 2>&1; }

nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none '$GUEST/demo.elf'" \
  -ex 'info functions kernel' -ex 'break run_task' -ex 'continue' -ex 'info sharedlibrary' -ex 'kill'
echo "--- an image without symbols"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --boot flat '$GUEST/bootsector.bin'" -ex 'info functions' -ex 'kill'
echo "--- with a file that has them"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --symbols '$GUEST/bootsector.elf' --boot flat '$GUEST/bootsector.bin'" \
  -ex 'info symbol $pc' -ex 'kill'
echo "--- bad ones"
status "$GDBVM" --symbols "$GUEST/bootsector.bin" --boot flat "$GUEST/bootsector.bin" 2>&1
status "$GDBVM" --symbols /nowhere --boot flat "$GUEST/bootsector.bin" 2>&1
printf '1000 T _text\n' >"$WORK/few"
printf '1000 d modules\n2000 R __start_BTF\n3000 R __stop_BTF\n' >"$WORK/enough"
mkdir -p "$WORK/tree/fs"
touch "$WORK/tree/fs/ext4.ko.xz"
status "$GDBVM" --symbols "$WORK/few" --modules "$WORK/tree" --boot flat "$GUEST/bootsector.bin" 2>&1
status "$GDBVM" --symbols "$WORK/enough" --modules "$WORK/tree" --boot flat "$GUEST/bootsector.bin" 2>&1
status "$GDBVM" --modules /nowhere --boot flat "$GUEST/bootsector.bin" 2>&1
echo "--- modules, but no kernel"
touch "$WORK/tree/fs/ext4.ko"
mkdir "$WORK/tree/other"
touch "$WORK/tree/other/ext4.ko"
status "$GDBVM" --symbols "$WORK/enough" --modules "$WORK/tree" --boot flat "$GUEST/bootsector.bin" 2>&1
rm "$WORK/tree/other/ext4.ko"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --symbols '$WORK/enough' --modules '$WORK/tree' --boot flat '$GUEST/bootsector.bin'" \
  -ex 'info sharedlibrary' -ex 'monitor modules' -ex 'kill'

# A kernel that chooses its address at boot: breakpoints set before its first instruction follow it, symbols are right.
. "$LIB"
gdb_alone() { "$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' "$@" 2>&1; }
serve="$GDBVM --gdb stdio --serial none"

follow() {
  gdb_alone -ex "target remote | exec $serve --symbols '$1' '$GUEST/kaslr.bin'" -ex 'monitor kaslr' \
    -ex 'break start_kernel' -ex 'continue' -ex 'info symbol $pc' -ex 'backtrace 2' -ex 'print &jiffies' \
    -ex 'print *(long*)&jiffies' -ex 'stepi' -ex 'stepi' -ex 'print *(long*)&jiffies' -ex 'monitor kaslr' \
    -ex 'info breakpoints' -ex 'continue'
}
echo "--- symbols from gdbvm"
follow "$GUEST/kaslr.elf"

echo "--- from a list, as the running kernel prints it"
cat >"$WORK/kallsyms" <<LIST
0000000000000000 A fixed_percpu_data
ffffffff9f000000 T _text
ffffffff9f000000 T kernel_entry
ffffffff9f000100 T start_kernel
ffffffff9f000110 D jiffies
ffffffffc0000000 t init_module	[virtio]
LIST
follow "$WORK/kallsyms"

echo "--- gdb has a file, gdbvm has none"
start_vm --on-detach stop "$GUEST/kaslr.bin"
gdb_session "$GUEST/kaslr.elf" 'break start_kernel' 'continue' "symbol-file -o 0x1e000000 $GUEST/kaslr.elf" 'continue'
echo "--- and connects again"
gdb_session "$GUEST/kaslr.elf" 'info symbol $pc' 'print &jiffies'
stop_vm

echo "--- told not to move"
gdb_alone -ex "target remote | exec $serve --append nokaslr --symbols '$GUEST/kaslr.elf' '$GUEST/kaslr.bin'" \
  -ex 'info sharedlibrary' -ex 'print &jiffies' -ex 'monitor kaslr' -ex 'kill'

echo "--- bad lists"
echo "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package" >"$WORK/System.map"
expect_refusal "a stub" "System.map is neither an ELF file nor a list of symbols: line 1 is not a symbol" \
  --symbols "$WORK/System.map" "$GUEST/kaslr.bin"
sed 's/^[0-9a-f]*/0000000000000000/' "$WORK/kallsyms" >"$WORK/zeros"
expect_refusal "zeros" "addresses are zero" --symbols "$WORK/zeros" "$GUEST/kaslr.bin"
expect_refusal "no segments" "not a 64-bit ELF file with segments" --symbols "$GUEST/protected32.elf" "$GUEST/kaslr.bin"
echo "refused"

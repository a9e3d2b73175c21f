# A core made by `monitor dump` shows what gdb sees live: registers, backtraces, variables, code without planted int3s;
# with virtual addresses that are not the physical ones, and of a 32-bit guest.
# timeout: 60
. "$LIB"

# compare ELF BREAKPOINT: what gdb shows at the breakpoint, live and from a core; $WORK/look are the commands.
compare() {
  elf=$GUEST/$1
  start_vm --memory 64M "$elf"
  gdb_session "$elf" "break $2" 'continue' 'echo === look\n' "source $WORK/look" "monitor dump $WORK/core" 'kill' >"$WORK/session" 2>&1
  stop_vm
  sed -n "s|.*core: \(.* MiB of RAM in .* segment.*\)|\1|p" "$WORK/session"
  sed '1,/=== look/d; /^\[Inferior/d; /RAM in/d' "$WORK/session" >"$WORK/live"
  "$GDB" -nx -batch -ex 'set width 0' -ex 'set style enabled off' -ex 'echo === look\n' -x "$WORK/look" "$elf" \
    "$WORK/core" 2>&1 | sed '1,/=== look/d' >"$WORK/dead"
  if diff "$WORK/live" "$WORK/dead"; then echo "$1: the same $(grep -c . "$WORK/live") lines"; fi
}

cat >"$WORK/look" <<'LOOK'
info registers rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eflags cs ss ds es fs gs fs_base gs_base
print $mxcsr
print $xmm1.uint128
backtrace
info args
up
print tasks
x/12i distance
LOOK
compare demo.elf distance
sed -n '/^#/p' "$WORK/dead"

cat >"$WORK/look" <<'LOOK'
info registers rip rsp
backtrace
print/x value
x/gx 0x100000
LOOK
compare higher_half.elf where

cat >"$WORK/look" <<'LOOK'
info registers eax ebx ecx edx esi edi ebp esp eip eflags cs ss ds es fs gs
backtrace
up
info locals
LOOK
compare protected32.elf area

echo "--- RAM that nothing maps, by its physical address"
start_vm --memory 8M --mode protected "$GUEST/paging_late64.elf"
gdb_session "$GUEST/paging_late64.elf" 'set var *(int*)0x700000 = 0x1234abcd' 'break kernel_main' 'continue' \
  "monitor pt 0x700000" "monitor dump $WORK/core" 'kill' 2>&1 | grep -e 'is not mapped'
stop_vm
"$GDB" -nx -batch -ex 'x/wx 0x8000000000700000' "$GUEST/paging_late64.elf" "$WORK/core" 2>&1 | tail -n 1

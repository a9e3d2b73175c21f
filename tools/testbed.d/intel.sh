# shellcheck shell=bash
# kvm_intel: Bochs, whose Haswell model has VMX with EPT.
# shellcheck disable=SC2154  # cache, parts, work: set by tools/testbed

# The emulated clock is slower than its CPU claims, and calibrating against it takes long. The last two are for
# nmi_clock.c: if the HPET is used, it takes over the old timer chip's interrupt line.
intel_kernel_options() { echo "tsc=reliable lpj=1000000 no_timer_check iomem=relaxed hpet=disable"; }

blocks() { echo $((($(stat -c %s "$1") + 0x1ffff) / 0x20000)); }

# The floppy and the image of RAM that boot_sector.S describes.
intel_boot_media() {
  local ram=$work/ram
  as --32 --defsym KERNEL_ENTRY="$(cat "$cache/vmlinux.entry")" --defsym KERNEL_BLOCKS="$(blocks "$cache/vmlinux.ram")" \
    --defsym INITRD_SIZE="$(stat -c %s "$work/initrd")" --defsym INITRD_BLOCKS="$(blocks "$work/initrd")" \
    -o "$work/boot_sector.o" "$parts/boot_sector.S"
  ld -m elf_i386 --oformat binary -Ttext 0x7c00 -o "$work/floppy" "$work/boot_sector.o"
  truncate -s 1440K "$work/floppy"
  truncate -s $((64 * 0x20000)) "$ram"
  printf 'tvbd%s\0' "$(cat "$work/command_line")" >>"$ram"
  truncate -s %$((0x20000)) "$ram"
  cat "$cache/vmlinux.ram" >>"$ram"
  truncate -s %$((0x20000)) "$ram"
  cat "$work/initrd" >>"$ram"
}

# bochs_line NUMBER LINE: the configuration of a serial port
bochs_line() {
  case $2 in
    file:*) echo "com$1: enabled=1, mode=file, dev=${2#file:}" ;;
    tty:*) echo "com$1: enabled=1, mode=term, dev=${2#tty:}" ;;
  esac
}

# Bochs opens a terminal of its own and draws the guest's screen on it; if nobody reads it, it fills up and Bochs blocks.
discard_screen() {
  local screen=
  while [[ -z $screen ]]; do
    sleep 0.2
    kill -0 $$ 2>/dev/null || return 0 # the parent, by now script, has ended
    screen=$(sed -n 's/.*connected to screen "\([^"]*\)".*/\1/p' "$work/bochs.screen" 2>/dev/null)
  done
  stty -F "$screen" raw -echo
  exec setpriv --pdeathsig KILL cat "$screen" >/dev/null
}

# An emulator that has died ends the boot. Bochs has left script behind, busy for nothing until the time limit.
watch_emulator() {
  local process=
  until [[ -n $process ]]; do
    sleep 0.2
    kill -0 $$ 2>/dev/null || return 0
    process=$(cat "$work/bochs.pid" 2>/dev/null)
  done
  while grep -q '^State:.[^ZX]' "/proc/$process/status" 2>/dev/null; do sleep 1; done
  sleep 2 # in which script ends by itself, as a rule
  kill -TERM $$ 2>/dev/null
}

# Notes the status of Bochs, which script does not pass on if watch_emulator has to end it.
bochs_in_terminal() {
  local status=0
  (
    echo "$BASHPID" >"$work/bochs.pid"
    exec setpriv --pdeathsig KILL bochs-bin -q -f "$work/bochsrc" -rc "$work/bochs.commands"
  ) || status=$?
  echo "$status" >"$work/bochs.status"
  return "$status"
}

# intel_emulator CONSOLE SECOND: "file:PATH" or "tty:PATH" each.
intel_emulator() {
  intel_boot_media
  cat >"$work/bochsrc" <<BOCHSRC
display_library: term
cpu: model=corei7_haswell_4770, count=1, ips=200000000, reset_on_triple_fault=0
memory: guest=768, host=768
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
optramimage1: file=$work/ram, address=0x2ff00000
floppya: 1_44=$work/floppy, status=inserted
boot: floppy
$(bochs_line 1 "$1")
$(bochs_line 2 "$2")
clock: sync=none
sound: driver=dummy
log: $work/bochs.log
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
BOCHSRC
  # Debian's Bochs starts in its debugger, where c is "continue", and returns to it at every triple fault, including those
  # of a guest's guest.
  yes c | head -n 100000 >"$work/bochs.commands"
  discard_screen &
  watch_emulator &
  # script provides the terminal, and runs Bochs in a session of its own, where signals sent to script do not reach it.
  SHELL=$BASH exec script -qefc 'exec setpriv --pdeathsig KILL bash -c bochs_in_terminal' \
    "$work/bochs.screen" </dev/null >/dev/null 2>&1
}

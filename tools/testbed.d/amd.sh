# shellcheck shell=bash
# kvm_amd: QEMU's TCG, whose -cpu max has SVM with nested paging.
# shellcheck disable=SC2154  # cache, work: set by tools/testbed

amd_kernel_options() { :; }

# amd_emulator CONSOLE SECOND: "file:PATH" or "tty:PATH" each.
amd_emulator() {
  local line serial=()
  for line in "$1" "$2"; do
    case $line in
      file:*) serial+=(-serial "$line") ;;
      tty:*) serial+=(-chardev "serial,id=line${#serial[@]},path=${line#tty:}" -serial "chardev:line${#serial[@]}") ;;
    esac
  done
  exec qemu-system-x86_64 -accel tcg -icount shift=3,sleep=off -cpu max -m 1024 -nodefaults -display none -monitor none -no-reboot \
    -kernel "$cache/vmlinux" -initrd "$work/initrd" -append "$(cat "$work/command_line")" "${serial[@]}"
}

# bash completion of gdbvm. The options are those of gdbvm --help; only their possible values are listed here.
# shellcheck shell=bash

_gdbvm_values() {
  case $1 in
    --rtc) echo wall machine ;;
    --display) echo terminal vnc vnc= none ;;
    -rtc) echo clock=host clock=vm ;;
    --mode) echo real protected long ;;
    --boot) echo auto linux pvh multiboot multiboot1 multiboot2 elf flat ;;
    --gdb) echo stdio none unix: ;;
    --on-detach) echo run stop quit ;;
    --history) echo off ;;
    --serial) echo stdio stderr none pty file: unix: tcp: ;;
    --serial2) echo stderr none pty file: unix: tcp: ;;
    --debug-console | --firmware-log) echo stdio stderr none file: ;;
    -serial) echo stdio mon:stdio null none pty file: unix: tcp: ;;
    -gdb) echo tcp: unix: stdio none ;;
    --trace) echo kvm io irq rsp ;;
    *) return 1 ;;
  esac
}

_gdbvm() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} i values
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    # What follows is another command, with its own arguments.
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      mapfile -t COMPREPLY < <(if ((i + 1 == COMP_CWORD)); then compgen -c -- "$word"; else compgen -f -- "$word"; fi)
      return
    fi
  done
  if [[ ${COMP_WORDS[1]} == doctor && $COMP_CWORD -gt 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "--json --help" -- "$word")
  elif values=$(_gdbvm_values "$previous"); then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
    [[ ${COMPREPLY[0]} != *: ]] || compopt -o nospace 2>/dev/null
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "-kernel -initrd -append -bios -hda -hdb -fda -cdrom -drive -snapshot -boot -device -smp \
      -machine -accel -cpu -enable-kvm -rtc -nographic -display -vnc -vga -serial -monitor -gdb -net -no-reboot -nodefaults $("$1" --help 2>/dev/null |
      sed -n 's/^  \(-[^ ]*\).*/\1/p' | tr ',\n' '  ')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word"; ((COMP_CWORD > 1)) || compgen -W doctor -- "$word")
  fi
}

complete -o filenames -F _gdbvm gdbvm

# bash completion of gdb-test. The options are those of gdb-test --help.
# shellcheck shell=bash

_gdb_test() {
  local word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$1" --help 2>/dev/null |
      sed -n '/^options:/,$ { s/^  -/-/; t option; d; :option; s/  .*//; p; }' | grep -oE -e '--?[a-z][a-z-]*')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -o filenames -F _gdb_test gdb-test

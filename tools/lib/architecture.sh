#!/usr/bin/env bash
# The arrows of the design, checked on the #include lines: a room may look only into the rooms below it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

wrong=0

# room PATH_REGEX EXCEPT_REGEX FORBIDDEN_INCLUDES_REGEX REASON
room() {
  local found
  found=$(git ls-files -co --exclude-standard -- gdbstub vmm | grep -E '\.(h|cpp)$' | grep -E "$1" | grep -vE "$2" |
    xargs -r grep -nE "^ *# *include *[<\"]($3)" /dev/null || true)
  [[ -n $found ]] || return 0
  echo "architecture: $4" >&2
  echo "$found" >&2
  wrong=1
}

none='^$'
above='gdbstub/|vmm/(debug|snapshot|machine|main|options|console)'
room '^gdbstub/' "$none" 'vmm/|linux/|sys/ioctl' "gdbstub knows no VMM and no KVM"
room '^gdbstub/' '^gdbstub/(server/|server\.|endpoint\.)' 'asio' "asio is for the server alone"
room '^vmm/' '^vmm/kvm/uapi\.h$' 'linux/kvm\.h' "only vmm/kvm/uapi.h includes linux/kvm.h"
room '^vmm/x86/' "$none" "$above|vmm/(memory|kvm|boot|devices|vm\.h)" "x86 is at the bottom; it knows Vcpu as an interface"
room '^vmm/memory/' "$none" "$above|vmm/(kvm|boot|devices)" "memory knows x86, and Vm as an interface"
room '^vmm/kvm/' "$none" "$above|vmm/(boot|devices)" "kvm knows memory and x86"
room '^vmm/boot/' "$none" "$above|vmm/(kvm|devices|vcpu\.h|vm\.h)" "boot knows memory and x86"
room '^vmm/devices/' "$none" "$above|vmm/(kvm|boot|vcpu\.h|vm\.h)" "devices know memory's layout and nobody else"
room '^vmm/(machine|vcpu|vm)[._]' "$none" 'gdbstub/|vmm/debug/' "the machine knows no debugger"
room '^vmm/snapshot/' "$none" 'gdbstub/|vmm/debug/' "snapshots know no debugger"

[[ $wrong -eq 0 ]]

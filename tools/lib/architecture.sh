#!/usr/bin/env bash
# Checks the #include lines of gdbvm and gdbstub: of the tree, a room includes only what its line below allows. Prints
# every forbidden include, and exits with 1 if there is one.
#   architecture.sh [TREE]   checks another tree than the one this script is in
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

# A room, and the rooms that it may include, all of which are listed above it: so there is no cycle. `gdbstub` is the
# headers that embedders need, at the top of gdbstub/.
allowed='
gdbstub:
gdbstub/wire:           gdbstub
gdbstub/packets:        gdbstub gdbstub/wire
gdbstub/agent:          gdbstub gdbstub/wire gdbstub/packets
gdbstub/trace:          gdbstub gdbstub/wire gdbstub/packets gdbstub/agent
gdbstub/session:        gdbstub gdbstub/wire gdbstub/packets gdbstub/agent gdbstub/trace
gdbstub/server:         gdbstub gdbstub/wire gdbstub/session

vmm/host:
vmm/x86:
vmm/memory:             vmm/host vmm/x86
vmm/hypervisor:         vmm/x86 vmm/memory
vmm/kvm:                vmm/host vmm/x86 vmm/memory vmm/hypervisor
vmm/devices:            vmm/host vmm/x86 vmm/memory
vmm/symbols:            vmm/host
vmm/boot:               vmm/host vmm/x86 vmm/memory vmm/symbols
vmm/machine:            vmm/x86 vmm/memory vmm/hypervisor vmm/devices vmm/boot
vmm/snapshot:           vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/devices vmm/boot vmm/machine
vmm/history:            vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/devices vmm/boot vmm/machine vmm/snapshot
vmm/coverage:           vmm/host vmm/symbols
vmm/console:            vmm/host vmm/devices gdbstub/server
vmm/dump:               vmm/host vmm/x86 vmm/memory gdbstub
vmm/debug/guest:        vmm/x86 vmm/memory vmm/hypervisor vmm/boot gdbstub
vmm/debug/linux:        vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/symbols vmm/boot gdbstub
vmm/debug/stops:        vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/debug/guest gdbstub
vmm/debug/stepping:     vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/debug/guest vmm/debug/stops gdbstub
vmm/debug/control:      vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/symbols vmm/machine vmm/snapshot vmm/history vmm/coverage vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping gdbstub
vmm/debug/program:      vmm/host vmm/symbols vmm/coverage vmm/boot vmm/debug/linux gdbstub
vmm/monitor:            vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/devices vmm/machine vmm/snapshot vmm/history vmm/coverage vmm/dump vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping vmm/debug/control gdbstub
vmm/debug/target:       vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/boot vmm/machine vmm/snapshot vmm/history vmm/monitor vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping vmm/debug/control gdbstub
vmm/app:                *
'
# Libraries and system headers that only some rooms may include.
only='
asio                    ^gdbstub/server/|^vmm/(app|console)/
linux/kvm\.h            ^vmm/kvm/uapi\.h$
sys/ioctl\.h            ^vmm/(kvm|console|devices)/
Zydis/                  ^vmm/debug/stepping/
CLI/                    ^vmm/app/
rfb/                    ^vmm/console/(vnc_library\.h|keysyms\.cpp)$
(elfutils|dwarf\.h)     ^vmm/symbols/source_lines\.cpp$
png\.h                  ^vmm/monitor/png_file\.cpp$
nlohmann/               ^vmm/app/
'

sources() { git ls-files -co --exclude-standard -- gdbstub vmm | grep -E '\.(h|cpp)$'; }

wrong=0
complain() {
  echo "architecture: $1" >&2
  wrong=1
}

declare -A may=()
ordered=()
while IFS=: read -r room rooms; do
  [[ -n $room ]] || continue
  read -ra named <<<"$rooms"
  for other in "${named[@]}"; do
    [[ $other == '*' || " ${ordered[*]} " == *" $other "* ]] || complain "$room names $other, which is not listed before it"
  done
  ordered+=("$room")
  may[$room]=" $room ${named[*]} "
done <<<"$allowed"

# room_of PATH: the innermost room that the path is in; empty if it is in none.
room_of() {
  local folder=${1%/*}
  while [[ -z ${may[$folder]:-} && $folder == */* ]]; do folder=${folder%/*}; done
  if [[ -n ${may[$folder]:-} ]]; then echo "$folder"; fi
}

declare -A room_cache=()
while IFS=: read -r file line include; do
  for path in "$file" "$include"; do
    [[ -v room_cache[$path] ]] || room_cache[$path]=$(room_of "$path")
  done
  from=${room_cache[$file]} to=${room_cache[$include]}
  if [[ -z $from ]]; then
    complain "$file is not in any room"
  elif [[ -z $to ]]; then
    complain "$file:$line includes $include, which is not in any room"
  elif [[ ${may[$from]} != *' * '* && ${may[$from]} != *" $to "* ]]; then
    complain "$file:$line: $from must not include $to"
  fi
done < <(sources | xargs grep -HnE '^ *# *include *"(vmm|gdbstub)/' | sed -E 's/^([^:]+):([0-9]+): *# *include *"([^"]+)".*/\1:\2:\3/')

while read -r header where; do
  [[ -n $header ]] || continue
  found=$(sources | grep -vE "$where" | xargs -r grep -nE "^ *# *include *[<\"]$header" || true)
  [[ -z $found ]] || complain "${header//\\/} must not be included here:"$'\n'"$found"
done <<<"$only"

[[ $wrong -eq 0 ]]

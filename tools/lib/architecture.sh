#!/usr/bin/env bash
# The walls of the house, checked on the #include lines of gdbvm and gdbstub: a room includes what its line allows,
# and nothing else of the tree. Says every include that it should not find, and exits with 1 then.
#   architecture.sh [TREE]   another tree than the one this script is in
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

# A room, and the rooms it may look into. Each room stands below all that name it: no ring, no arrow that runs up.
# `gdbstub` is what an embedder reads, at the top of gdbstub/.
allowed='
gdbstub:
gdbstub/wire:           gdbstub
gdbstub/packets:        gdbstub gdbstub/wire
gdbstub/agent:          gdbstub gdbstub/wire gdbstub/packets
gdbstub/session:        gdbstub gdbstub/wire gdbstub/packets gdbstub/agent
gdbstub/server:         gdbstub gdbstub/wire gdbstub/session

vmm/host:
vmm/x86:
vmm/memory:             vmm/x86
vmm/hypervisor:         vmm/x86 vmm/memory
vmm/kvm:                vmm/host vmm/x86 vmm/memory vmm/hypervisor
vmm/devices:            vmm/host vmm/x86 vmm/memory
vmm/symbols:            vmm/host
vmm/boot:               vmm/host vmm/x86 vmm/memory vmm/symbols
vmm/machine:            vmm/x86 vmm/memory vmm/hypervisor vmm/devices vmm/boot
vmm/console:            vmm/host vmm/devices gdbstub/server
vmm/dump:               vmm/host vmm/x86 vmm/memory gdbstub
vmm/debug/guest:        vmm/x86 vmm/memory vmm/hypervisor vmm/boot gdbstub
vmm/debug/linux:        vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/symbols vmm/boot gdbstub
vmm/debug/stops:        vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/debug/guest gdbstub
vmm/debug/stepping:     vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/debug/guest vmm/debug/stops gdbstub
vmm/debug/control:      vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping gdbstub
vmm/debug/program:      vmm/host vmm/symbols vmm/boot vmm/debug/linux gdbstub
vmm/monitor:            vmm/host vmm/x86 vmm/memory vmm/hypervisor vmm/machine vmm/dump vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping vmm/debug/control gdbstub
vmm/debug/target:       vmm/x86 vmm/memory vmm/hypervisor vmm/boot vmm/machine vmm/monitor vmm/debug/guest vmm/debug/linux vmm/debug/stops vmm/debug/stepping vmm/debug/control gdbstub
vmm/app:                *
'
# Libraries and system headers that belong to some rooms alone.
only='
asio                    ^gdbstub/server/|^vmm/(app|console)/
linux/kvm\.h            ^vmm/kvm/uapi\.h$
sys/ioctl\.h            ^vmm/(kvm|console|devices)/
Zydis/                  ^vmm/debug/stepping/
CLI/                    ^vmm/app/
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
    [[ $other == '*' || " ${ordered[*]} " == *" $other "* ]] || complain "$room names $other, which stands above it or nowhere"
  done
  ordered+=("$room")
  may[$room]=" $room ${named[*]} "
done <<<"$allowed"

# room_of PATH: the room with the longest name that the path lies in; nothing where it lies in none.
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
    complain "$file stands in no room"
  elif [[ -z $to ]]; then
    complain "$file:$line includes $include, which stands in no room"
  elif [[ ${may[$from]} != *' * '* && ${may[$from]} != *" $to "* ]]; then
    complain "$file:$line: $from may not look into $to"
  fi
done < <(sources | xargs grep -HnE '^ *# *include *"(vmm|gdbstub)/' | sed -E 's/^([^:]+):([0-9]+): *# *include *"([^"]+)".*/\1:\2:\3/')

while read -r header where; do
  [[ -n $header ]] || continue
  found=$(sources | grep -vE "$where" | xargs -r grep -nE "^ *# *include *[<\"]$header" || true)
  [[ -z $found ]] || complain "not the place to include $header:"$'\n'"$found"
done <<<"$only"

[[ $wrong -eq 0 ]]

#!/bin/sh
# tools/lib/architecture.sh lets the tree pass, and finds what is planted in a small one.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT
check() { bash "$root/tools/lib/architecture.sh" "$@" 2>&1; }

check || { echo "the tree itself does not pass"; exit 1; }

# found EXPECTED FILE LINE...: the check fails on a tree with these lines in that file, and says the expected.
found() {
  expected=$1 file=$2
  shift 2
  rm -rf "$work/tree"
  mkdir -p "$work/tree/$(dirname "$file")"
  git -C "$work/tree" init -q
  printf '%s\n' "$@" >"$work/tree/$file"
  if said=$(check "$work/tree"); then echo "$file: $* passes"; exit 1; fi
  case $said in *"$expected"*) ;; *) echo "$file: $*: it says '$said'"; exit 1 ;; esac
}

found 'vmm/machine may not look into vmm/debug/stops' vmm/machine/machine.cpp '#include "vmm/debug/stops/host_stops.h"'
found 'gdbstub/session may not look into gdbstub/server' gdbstub/session/session.cpp '#include "gdbstub/server/server.h"'
found 'gdbstub/wire may not look into vmm/host' gdbstub/wire/hex.cpp ' # include "vmm/host/fd.h"'
found 'vmm/devices may not look into vmm/machine' vmm/devices/virtio/queue.h '#include "vmm/machine/machine.h"'
found 'stands in no room' vmm/loose.cpp '#include "vmm/host/fd.h"'
found 'includes vmm/attic/old.h, which stands in no room' vmm/app/main.cpp '#include "vmm/attic/old.h"'
found 'not the place to include asio' gdbstub/session/session.cpp '#include <asio.hpp>'
found 'not the place to include linux/kvm' vmm/kvm/vm.cpp '#include <linux/kvm.h>'

#!/bin/sh
# tools/lib/architecture.sh accepts the tree, and finds forbidden includes planted in a small one.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT
check() { bash "$root/tools/lib/architecture.sh" "$@" 2>&1; }

check || { echo "the tree itself does not pass"; exit 1; }

# found EXPECTED FILE LINE...: the check must fail on a tree with these lines in that file, and print the expected text.
found() {
  expected=$1 file=$2
  shift 2
  rm -rf "$work/tree"
  mkdir -p "$work/tree/$(dirname "$file")"
  git -C "$work/tree" init -q
  printf '%s\n' "$@" >"$work/tree/$file"
  if said=$(check "$work/tree"); then echo "$file: $* passes"; exit 1; fi
  case $said in *"$expected"*) ;; *) echo "$file: $*: it prints '$said'"; exit 1 ;; esac
}

found 'vmm/machine must not include vmm/debug/stops' vmm/machine/machine.cpp '#include "vmm/debug/stops/host_stops.h"'
found 'gdbstub/session must not include gdbstub/server' gdbstub/session/session.cpp '#include "gdbstub/server/server.h"'
found 'gdbstub/wire must not include vmm/host' gdbstub/wire/hex.cpp ' # include "vmm/host/fd.h"'
found 'vmm/devices must not include vmm/machine' vmm/devices/virtio/queue.h '#include "vmm/machine/machine.h"'
found 'is not in any room' vmm/loose.cpp '#include "vmm/host/fd.h"'
found 'includes vmm/attic/old.h, which is not in any room' vmm/app/main.cpp '#include "vmm/attic/old.h"'
found 'asio must not be included here' gdbstub/session/session.cpp '#include <asio.hpp>'
found 'linux/kvm.h must not be included here' vmm/kvm/vm.cpp '#include <linux/kvm.h>'

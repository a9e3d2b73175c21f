#!/bin/sh
# What `tools/testbed run` runs unless told otherwise: what this KVM delivers, then the cases named, or all.
build/gdbvm doctor
exec sh tests/integration/run.sh --slow -b build "$@"

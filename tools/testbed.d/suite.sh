#!/bin/sh
# What `tools/testbed run` runs by default: what this KVM can do, then the named cases, or all.
build/gdbvm doctor
exec sh tests/integration/run.sh --slow -b build "$@"

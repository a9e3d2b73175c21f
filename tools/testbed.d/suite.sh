#!/bin/sh
# What `tools/testbed run` runs unless told otherwise: what this KVM delivers, then every integration case that fits.
build/gdbvm doctor
exec sh tests/integration/run.sh -b build

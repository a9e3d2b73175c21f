# shellcheck shell=bash
# What the machine boots: Debian's kernel, and an initramfs of three layers that the kernel unpacks on top of each other:
# base (busybox, KVM's modules, gdb), project (gdbvm, guests, tests), job (what to run). All are uncompressed cpio: an
# emulator loads any number of bytes into RAM in no time, but unpacks gzip slowly.
# shellcheck disable=SC2154  # root, parts, build and cache are set by tools/testbed

# The cloud kernel: the same source and KVM as Debian's standard one, with fewer drivers. The package of that name only
# depends on the one with the files.
kernel_package() {
  apt-cache depends --important linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: //p' | head -n 1
}

# One line that changes when the base layer has to be rebuilt.
base_key() {
  local kernel
  kernel=$(kernel_package)
  echo "$kernel=$(candidate "$kernel")" "gdb-minimal=$(candidate gdb-minimal)" \
    "$(dpkg-query -W -f '${Package}=${Version} ' busybox-static gdb libc6 libstdc++6)" \
    "$(cat "$parts"/{layers.sh,init,linux_guest_init,linux_root_init,debuginfod.c,debuginfod.map,nmi_clock.c} | sha256sum | cut -c 1-16)"
}

# pack FOLDER FILE: the folder as a cpio archive, with everything owned by root.
pack() { (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$2"; }

# add_program FILE FOLDER LAYER [BELOW]: puts the program, stripped, into LAYER/FOLDER, and the shared libraries it needs
# where the dynamic loader looks, unless they are in BELOW.
add_program() {
  local library
  mkdir -p "$3/$2"
  strip -o "$3/$2/$(basename "$1")" "$1"
  while read -r library; do
    [[ -e $3$library || -e ${4:-$3}$library ]] && continue
    mkdir -p "$3$(dirname "$library")"
    cp -L "$library" "$3$library"
  done < <(LD_LIBRARY_PATH=${testbed_libraries:-} ldd "$1" 2>/dev/null |
    sed -nE 's/^\s*(.* => )?(\/\S+) \(0x[0-9a-f]+\)$/\2/p' | grep -vF "${testbed_libraries:-//}")
}

# make_kernel BZIMAGE FOLDER: vmlinux, the uncompressed kernel (decompressing costs an emulator seconds), vmlinux.ram, the
# same as it lies in RAM from 16 MiB on, and vmlinux.entry, its PVH entry point.
make_kernel() {
  local setup_sectors offset length
  setup_sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1") # Documentation/x86/boot.rst, "the real-mode kernel header"
  offset=$(od -An -tu4 -j $((0x248)) -N 4 "$1")
  length=$(od -An -tu4 -j $((0x24c)) -N 4 "$1")
  # The last four bytes of the payload are its unpacked size.
  dd if="$1" bs=1M iflag=skip_bytes,count_bytes skip=$(((setup_sectors + 1) * 512 + offset)) count=$((length - 4)) \
    status=none | lz4 -dcfq >"$2/vmlinux" ||
    fail "the kernel $(basename "$1") is not packed with lz4"
  objcopy -O binary "$2/vmlinux" "$2/vmlinux.ram"
  # XEN_ELFNOTE_PHYS32_ENTRY, type 18
  readelf -nW "$2/vmlinux" | grep -A 1 '(0x00000012)' |
    sed -nE 's/.*: (..) (..) (..) (..).*/0x\4\3\2\1/p' >"$2/vmlinux.entry"
  [[ -s $2/vmlinux.entry ]] || fail "the kernel $(basename "$1") has no PVH entry point"
}

# make_linux_guest BZIMAGE MODULES FOLDER: the same kernel as packaged, for gdbvm to boot; an initramfs; a module that is
# in the initramfs and, at its path in MODULES, in FOLDER; and a disk with a root file system.
make_linux_guest() {
  local tree=$3.tree module=drivers/block/loop.ko
  mkdir -p "$3" "$tree"/{bin,dev,disk,proc}
  install -D -m 644 "$2/$module" "$3/modules/$module"
  cp "$2/$module" "$2"/drivers/virtio/virtio{,_ring,_mmio}.ko "$2"/drivers/block/virtio_blk.ko \
    "$2"/drivers/char/hw_random/virtio-rng.ko "$tree/"
  cp "$(command -v busybox)" "$tree/bin/busybox"
  cp "$parts/linux_guest_init" "$tree/init"
  chmod 755 "$tree/init"
  pack "$tree" "$3/initrd"
  rm -rf "$tree"
  make_root_disk "$3/root.ext4"
  cp "$1" "$3/vmlinuz"
}

# make_root_disk FILE: an ext4 file system that Linux can use as its root.
make_root_disk() {
  local tree=$1.tree
  mkdir -p "$tree"/{bin,dev,proc,sbin,sys}
  cp "$(command -v busybox)" "$tree/bin/busybox"
  cp "$parts/linux_root_init" "$tree/sbin/init"
  chmod 755 "$tree/sbin/init"
  /sbin/mke2fs -q -t ext4 -b 1024 -J size=1 -E root_owner=0:0 -d "$tree" "$1" 5M >/dev/null || fail "cannot make a file system"
  rm -rf "$tree"
}

make_base_layer() {
  local key work kernel layer module applet
  key=$(base_key)
  if [[ $key == =* ]]; then # apt knows no kernel package yet
    [[ -e $cache/base.key ]] && return
    refresh_package_lists || fail "apt-get update failed, and there is no base layer yet"
    key=$(base_key)
  fi
  [[ -e $cache/base.key && $(cat "$cache/base.key") == "$key" ]] && return
  echo "testbed: making the base layer (once)" >&2
  rm -rf "$cache/base.key" "$cache/base"
  work=$cache/base.work
  rm -rf "$work"
  mkdir -p "$work"
  kernel=$(kernel_package)
  fetch "$work/packages" "$kernel" gdb-minimal ||
    { refresh_package_lists && fetch "$work/packages" "$kernel" gdb-minimal; } ||
    fail "cannot fetch $kernel and gdb-minimal"
  make_kernel "$work/packages/boot/vmlinuz-${kernel#linux-image-}" "$cache"

  layer=$cache/base
  mkdir -p "$layer"/{bin,dev,etc,job,lib,lib64,modules,out,proc,root,sys,tmp}
  cp "$(command -v busybox)" "$layer/bin/busybox"
  for applet in $("$layer/bin/busybox" --list); do
    [[ $applet == busybox ]] || ln -s busybox "$layer/bin/$applet"
  done
  # Without type information and signature, which the copy drops, kvm.ko loads in a third of the time.
  for module in virt/lib/irqbypass arch/x86/kvm/kvm arch/x86/kvm/kvm-intel arch/x86/kvm/kvm-amd; do
    objcopy --strip-debug -R .BTF "$work/packages/lib/modules/${kernel#linux-image-}/kernel/$module.ko" \
      "$layer/modules/$(basename "$module").ko"
  done
  # gdb needs libdebuginfod, which needs curl, TLS, Kerberos and LDAP: 25 libraries for a network that is not there.
  mkdir "$work/libraries"
  gcc -shared -fPIC -O1 -Wl,-soname,libdebuginfod.so.1 -Wl,--version-script="$parts/debuginfod.map" \
    -o "$work/libraries/libdebuginfod.so.1" "$parts/debuginfod.c" || fail "cannot build debuginfod.c"
  testbed_libraries=$work/libraries add_program "$work/packages/usr/bin/gdb" bin "$layer"
  cp "$work/libraries/libdebuginfod.so.1" "$layer/lib/x86_64-linux-gnu/"
  gcc -static -O1 -s -o "$layer/bin/nmi_clock" "$parts/nmi_clock.c" || fail "cannot build nmi_clock.c"
  # gdb converts strings through UTF-32; the C library has that converter as a file, and finds it through its cache.
  local conversions=/usr/lib/x86_64-linux-gnu/gconv
  mkdir -p "$layer$conversions"
  cp "$conversions"/{UTF-32.so,gconv-modules.cache} "$layer$conversions/"
  make_linux_guest "$work/packages/boot/vmlinuz-${kernel#linux-image-}" \
    "$work/packages/lib/modules/${kernel#linux-image-}/kernel" "$layer/linux"
  cp "$parts/init" "$layer/init"
  chmod 755 "$layer/init"
  pack "$layer" "$cache/base.cpio"
  rm -rf "$work"
  echo "$key" >"$cache/base.key"
}

# gdbvm, the guests and the integration suite, laid out as in the source tree: /gdbvm/build, /gdbvm/tests.
make_project_layer() {
  local layer=$cache/project guest program
  [[ -x $build/gdbvm ]] || fail "there is no $build/gdbvm"
  rm -rf "$layer"
  mkdir -p "$layer/gdbvm/build/guest" "$layer/gdbvm/tests"
  add_program "$build/gdbvm" gdbvm/build "$layer" "$cache/base"
  for guest in "$build"/guest/*.{elf,bin}; do
    [[ -e $guest ]] && cp -p "$guest" "$layer/gdbvm/build/guest/"
  done
  # gdb finds a guest's source by the path that the compiler recorded.
  mkdir -p "$layer$root"
  cp -rp "$root/guest" "$layer$root/"
  cp -r "$root/tests/integration" "$layer/gdbvm/tests/"
  for program in ${TESTBED_PROGRAMS:-}; do add_program "$program" gdbvm/build "$layer" "$cache/base"; done
  pack "$layer" "$cache/project.cpio"
}

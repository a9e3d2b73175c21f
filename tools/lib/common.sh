# shellcheck shell=bash
# Shared by the tools: where the tree is, which packages are missing, building a preset.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What a build needs, and what all the checks need on top of it (Debian 12 package names).
# shellcheck disable=SC2034  # used by the scripts that source this file
build_packages=(cmake ninja-build g++ gdb libasio-dev libcli11-dev libdw-dev libfmt-dev libpng-dev libvncserver-dev libzydis-dev nlohmann-json3-dev)
# What building Debian packages of gdbvm needs.
package_packages=(dpkg-dev file)
# shellcheck disable=SC2034
check_packages=("${build_packages[@]}" "${package_packages[@]}" acpica-tools clang-19 libclang-rt-19-dev clang-format-19
  clang-tidy-19 groff-base libgmock-dev libgtest-dev libpugixml-dev grub-common grub-pc-bin memtest86+ mtools python3 lcov seabios shellcheck xorriso zsh)

as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

refresh_package_lists() { as_root apt-get update -qq >&2; }
# shellcheck disable=SC2034
testbed_packages=(binutils bochs bochs-term bochsbios bsdutils busybox-static cpio e2fsprogs gcc gdb libc6-dev lz4 qemu-system-x86 socat vgabios)

# install_missing PACKAGE...: installs only the packages that dpkg does not have yet.
install_missing() {
  local package missing=()
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  echo "installing ${missing[*]}"
  refresh_package_lists
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# build_preset PRESET [TARGET...]: configures and builds; the log is shown only if that fails.
build_preset() {
  local preset=$1 log targets=()
  shift
  [[ $# -eq 0 ]] || targets=(--target "$@")
  log=$(mktemp)
  if ! (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" "${targets[@]}") >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

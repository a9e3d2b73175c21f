# shellcheck shell=bash
# Debian packages unpacked into a folder instead of installed, because they conflict or are meant for another system.

# candidate PACKAGE: the version that apt would install; empty if there is none.
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p'; }

# fetch FOLDER PACKAGE...: unpacks Debian packages without installing them.
fetch() {
  local folder=$1 deb
  shift
  mkdir -p "$folder/debs"
  (cd "$folder/debs" && apt-get download -qq "$@") >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
  for deb in "$folder"/debs/*.deb; do dpkg -x "$deb" "$folder"; done
}

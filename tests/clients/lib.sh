# What the client cases share; sourced as `. "$CLIENTS/lib.sh"`.

# lldb_session IMAGE [GDBVM OPTIONS...]: gdbvm serves the guest and starts $VARIANT beside it, which executes the commands
# on standard input, ADDRESS in them being where it listens. The messages of both are the output; the text of the serial port
# comes last. The status is LLDB's.
lldb_session() {
  image=$GUEST/$1
  shift
  {
    echo "settings set use-color false"
    echo "settings set stop-line-count-before 0"
    echo "settings set stop-line-count-after 0"
    cat
  } >"$WORK/commands"
  # shellcheck disable=SC2016  # expanded beside gdbvm
  "$GDBVM" --gdb 127.0.0.1:0 --serial "file:$WORK/serial" "$@" "$image" -- \
    sh -c 'sed -i "s/ADDRESS/$GDBVM_REMOTE/" "$1" && exec "$VARIANT" --no-lldbinit --batch -s "$1" "$2"' \
    sh "$WORK/commands" "$image" 2>&1
  lldb_status=$?
  echo "=== serial"
  tr -d '\r' <"$WORK/serial"
  return $lldb_status
}

# Shared by the client cases; sourced as `. "$CLIENTS/lib.sh"`.

# lldb_session IMAGE [GDBVM OPTIONS...]: gdbvm serves the guest and starts $VARIANT, which executes the commands
# on standard input, with ADDRESS in them replaced by gdbvm's. The output has the messages of both; the serial port's text
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
  # shellcheck disable=SC2016  # expanded by the inner shell
  "$GDBVM" --gdb 127.0.0.1:0 --serial "file:$WORK/serial" "$@" "$image" -- \
    sh -c 'sed -i "s/ADDRESS/$GDBVM_REMOTE/" "$1" && exec "$VARIANT" --no-lldbinit --batch -s "$1" "$2"' \
    sh "$WORK/commands" "$image" 2>&1
  lldb_status=$?
  echo "=== serial"
  tr -d '\r' <"$WORK/serial"
  return $lldb_status
}

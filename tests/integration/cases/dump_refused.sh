# `monitor dump` replaces a core that gdbvm has written and no other file, and follows no symbolic link.
. "$LIB"
echo "my thesis" >"$WORK/thesis"
ln -s thesis "$WORK/link"
mkdir "$WORK/real"
ln -s real "$WORK/folder"
start_vm --memory 4M "$GUEST/demo.elf"
gdb_session "$GUEST/demo.elf" "monitor dump $WORK/thesis" "monitor dump $WORK/link" "monitor dump $WORK/folder/core" \
  "monitor dump $WORK/core" "monitor dump $WORK/core" "monitor reset halt" "monitor reset run" "monitor resume" 2>&1
stop_vm
cat "$WORK/thesis"
echo "$(find "$WORK/real" -type f | wc -l) files in the folder"

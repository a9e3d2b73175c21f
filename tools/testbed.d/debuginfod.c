// Replaces libdebuginfod inside the testbed: gdb can load it, and it never asks a server.
#define EMPTY(name) \
  void* name(void) { return 0; }
#define NOT_FOUND(name) \
  int name(void) { return -2; }  // -ENOENT

EMPTY(debuginfod_begin)
EMPTY(debuginfod_end)
EMPTY(debuginfod_set_progressfn)
EMPTY(debuginfod_set_user_data)
EMPTY(debuginfod_get_user_data)
NOT_FOUND(debuginfod_find_debuginfo)
NOT_FOUND(debuginfod_find_executable)
NOT_FOUND(debuginfod_find_source)

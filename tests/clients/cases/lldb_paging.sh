# What a guest's page tables map, range by range: rights and gaps; memory searches follow them.
# variants: lldb-14 lldb-19
# timeout: 60
. "$CLIENTS/lib.sh"
lldb_session paging_late64.elf --mode protected <<'COMMANDS'
gdb-remote ADDRESS
breakpoint set --name kernel_main
continue
bt
memory region $pc
memory region 0x1000
memory region 0xffffffff80000000
memory region 0xffffffff00000000
memory read 0xffff900000000000
COMMANDS
# LLDB's batch mode ends with the command that fails.
[ $? -eq 1 ]

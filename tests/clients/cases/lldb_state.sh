# Registers, memory and watchpoints: every size and role, reads, writes, searches, and what the page tables map.
# variants: lldb-14 lldb-19
# timeout: 60
. "$CLIENTS/lib.sh"
lldb_session watch.elf <<'COMMANDS'
gdb-remote ADDRESS
breakpoint set --name write_sizes
continue
register read
register read --all
register read pc sp fp flags
register write rax 0x123456789abcdef0
register write eflags 0x47
register write xmm3 "{0x01 0x02 0x03 0x04 0x05 0x06 0x07 0x08 0x09 0x0a 0x0b 0x0c 0x0d 0x0e 0x0f 0x10}"
register read rax eflags xmm3 cr0 efer gdtr_base
print $rax + 1
memory read --size 8 --format x --count 2 &locked
memory write &other 1 2 3 4
memory read --size 4 --format x --count 1 &other
expression compared = 11
memory find --string "cdef" -- &source &source+1
memory find --expression 0x600d -- &read_only_value &read_only_value+1
memory region $pc
memory region 0xffffffff80000000
watchpoint set variable --watch write dword
watchpoint set expression --watch read --size 8 -- &read_only_value
watchpoint set variable --watch read_write locked
watchpoint list --brief
continue
continue
watchpoint delete 3
continue
watchpoint delete 2
continue
COMMANDS

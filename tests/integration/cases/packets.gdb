# What the stub offers: packet size, memory map, registers with the flags spelt out.
# guest: hello.elf
# args: --memory 64M
set debug remote 1
connect
set debug remote 0
info mem
info threads
maintenance print target-stack

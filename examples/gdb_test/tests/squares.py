# The function that the kernel calls, examined with gdb's Python.
import gdb

gdb.execute("connect")
gdb.execute("break square if n == 7")
gdb.execute("continue")
print("CPUs:", len(gdb.selected_inferior().threads()))
print("n =", int(gdb.parse_and_eval("n")))
gdb.execute("finish")

# Begins in square(), with n = 1 (see AFTER in CMakeLists.txt): another sum, another exit status.
# status: 3
connect
print n
set variable n = 2
continue

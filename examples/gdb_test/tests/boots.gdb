# From the first instruction to the end, with status 1 (success).
# status: 1
connect
continue

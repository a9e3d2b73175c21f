# Stepped through pushf, an exception and syscall, the guest never sees a trap flag.
# guest: pushf_tf.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
tbreak look_at_pushf
continue
stepi 8
tbreak look_at_frame
continue
stepi 25
tbreak look_at_r11
continue
stepi 30
continue

# Monitor commands that decode what this host's KVM holds: page tables, descriptor tables, MSRs, CPUID, APICs.
# guest: demo.elf
connect
break run_task
continue
echo \n--- memory\n
monitor info mem
monitor pt 0x100000
monitor gva2gpa 0x100000
monitor xp /2wx 0x500
monitor x/2i $pc
monitor info mtree -f
echo \n--- descriptors\n
monitor gdt
monitor idt 6
echo \n--- cpu\n
monitor info registers
monitor info cpus
monitor msr EFER
monitor cpuid 0
monitor cpuid 1
echo \n--- devices\n
monitor lapic
monitor info pic
kill

# 64 CPUs: all of them come online, run, and are stopped and listed.
# guest: smp.elf
# args: --cpus 64
# timeout: 60
# needs: fast-host
connect
tbreak per_cpu_work if cpus_online == 64
continue
info threads
# A CPU that counts has reported its APIC id.
set $i = 1
while $i < 64
  if counters[$i]
    set $i = $i + 1
  else
    tbreak per_cpu_work if cpu == 0
    continue
  end
end
set $ids = 0
set $i = 0
while $i < 64
  set $ids = $ids | (1ull << (apic_ids[$i] & 63))
  set $i = $i + 1
end
printf "APIC ids %lx\n", $ids
set var limit = 0
continue

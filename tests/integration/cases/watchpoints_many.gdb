# Twenty watchpoints of many lengths and kinds and ten hbreaks, all at once, all hit, each reported with its kind.
# guest: watch_many.elf
# timeout: 60
connect
set can-use-hw-watchpoints 64
break kernel_main
continue
hbreak function_1
hbreak function_2
hbreak function_3
hbreak function_4
hbreak function_5
hbreak function_6
hbreak function_7
hbreak function_8
hbreak function_9
hbreak function_10
watch one
watch two
watch four
watch eight
watch three
watch five
watch twelve
watch twenty_four
watch forty
watch sixty_four
watch hundred
rwatch read_eight
rwatch read_four
rwatch read_one
rwatch read_twelve
awatch either_eight
awatch either_two
awatch either_twenty_four
watch *(unsigned long *)(page_pair + 4093)
awatch *(unsigned *)(pages + 4095)
set $stops = 0
while $_isvoid($_exitcode)
  set $stops = $stops + 1
  continue
end
print $stops

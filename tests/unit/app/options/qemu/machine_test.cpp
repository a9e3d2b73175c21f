// QEMU's options for the machine itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

TEST(QemuMachine, Memory) {
  EXPECT_EQ(whole({"-m", "512", "-kernel", "k"}), "--memory=512 --run --gdb=none --serial=stdio k");
  EXPECT_EQ(whole({"-kernel", "k", "-m", "1g"}), "--memory=1g --run --gdb=none --serial=stdio k");
  EXPECT_EQ(added({"-m", "size=2G,slots=2,maxmem=4G"}), "--memory=2G");
  EXPECT_EQ(added({"-m", "lots"}), "-m lots is not a size such as 512, 512M or 1G");
  EXPECT_EQ(added({"-m", "5K"}), "-m 5K is not a positive multiple of 4K");
  EXPECT_EQ(added({"-m", "0"}), "-m 0 is not a positive multiple of 4K");
  EXPECT_EQ(added({"-m", "1G,hotplug=on"}), "-m hotplug=on: gdbvm does not have this setting");
}

TEST(QemuMachine, Cpus) {
  EXPECT_EQ(added({"-smp", "4"}), "--cpus=4");
  EXPECT_EQ(added({"-smp", "cpus=2,maxcpus=8"}), "--cpus=2");
  EXPECT_EQ(added({"-smp", "4,sockets=2,cores=2,threads=1"}), "--cpus=4");
  EXPECT_EQ(added({"-smp", "sockets=2,cores=3"}), "--cpus=6");
  EXPECT_EQ(added({"-smp", "0"}), "-smp 0: 0 is not 1 to 255");
  EXPECT_EQ(added({"-smp", "many"}), "-smp many: many is not 1 to 255");
  EXPECT_EQ(added({"-smp", "sockets=99,cores=99"}), "-smp sockets=99,cores=99: 9801 CPUs are more than 255");
  EXPECT_EQ(added({"-smp", "2,colour=1"}), "-smp colour=1: there is no such setting");
}

TEST(QemuMachine, Chipset) {
  for (const char* option : {"-machine", "-M"}) {
    for (const char* same :
         {"pc", "pc-i440fx-7.2", "type=pc,accel=kvm", "accel=tcg", "pc,usb=off,kernel_irqchip=on", "acpi=off"}) {
      EXPECT_EQ(added({option, same}), "") << same;
    }
    EXPECT_EQ(added({option, "q35"}),
              "-machine q35: gdbvm's machine is a pc; leave it out if the guest needs nothing else");
    EXPECT_EQ(added({option, "pc,usb=on"}), "-machine usb=on: gdbvm does not have this setting");
  }
}

TEST(QemuMachine, Accelerators) {
  for (const char* name : {"kvm", "tcg", "kvm:tcg", "tcg,thread=single"})
    EXPECT_EQ(added({"-accel", name}), "") << name;
  EXPECT_EQ(added({"-accel", "hvf"}), "-accel hvf: gdbvm's is kvm");
}

TEST(QemuMachine, Clock) {
  EXPECT_EQ(added({"-rtc", "clock=host"}), "--rtc=wall");
  EXPECT_EQ(added({"-rtc", "base=utc,clock=vm,driftfix=slew"}), "--rtc=machine");
  EXPECT_EQ(added({"-rtc", "base=localtime"}), "-rtc base=localtime: gdbvm has base=utc, clock=host and clock=vm");
}

TEST(QemuMachine, Display) {
  EXPECT_EQ(added({"-display", "curses"}), "--display=terminal");
  for (const char* name : {"none", "gtk", "sdl,gl=on", "cocoa"}) EXPECT_EQ(added({"-display", name}), "") << name;
  EXPECT_EQ(added({"-display", "dbus"}),
            "-display dbus: gdbvm shows the screen on the terminal (-display curses) and by VNC (-vnc)");
  EXPECT_EQ(added({"-vga", "std"}), "");
  EXPECT_EQ(added({"-vga", "qxl"}), "-vga qxl: gdbvm's display adapter is std");
}

TEST(QemuMachine, Vnc) {
  EXPECT_EQ(added({"-vnc", ":1"}), "--display=vnc=:5901");
  EXPECT_EQ(added({"-vnc", "127.0.0.2:0"}), "--display=vnc=127.0.0.2:5900");
  EXPECT_EQ(added({"-vnc", "unix:/run/vnc"}), "--display=vnc=unix:/run/vnc");
  EXPECT_EQ(added({"-display", "vnc=:2"}), "--display=vnc=:5902");
  EXPECT_EQ(added({"-vnc", "none"}), "");
  EXPECT_EQ(added({"-vnc", ":0,password=on"}), "-vnc :0: gdbvm's VNC server has no password=on");
  for (const char* bad : {"", ":", "localhost", ":x", ":59636"}) {
    EXPECT_EQ(added({"-vnc", bad}), fmt::format("-vnc {}: this is not HOST:N, :N, unix:PATH or none", bad));
  }
}

TEST(QemuMachine, Logs) {
  EXPECT_EQ(added({"-d", "int,cpu_reset"}), "--trace=irq");
  EXPECT_EQ(added({"-D", "log", "-d", "int"}), "--trace=irq:log");
  EXPECT_EQ(added({"-D", "log"}), "");
  EXPECT_EQ(added({"-d", "in_asm"}),
            "-d in_asm: the CPU itself runs the guest, and of what it does gdbvm can log int alone");
}

TEST(QemuMachine, Network) {
  for (const char* option : {"-net", "-nic"}) {
    EXPECT_EQ(added({option, "none"}), "");
    EXPECT_EQ(added({option, "user"}), "-net or -nic user: gdbvm has no network card; none is accepted");
  }
}

}  // namespace
}  // namespace gdbvm::qemu

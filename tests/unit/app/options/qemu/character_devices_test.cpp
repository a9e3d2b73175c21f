// Character devices with names, and the debug ports.
#include <gtest/gtest.h>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

TEST(QemuCharacterDevices, AreGivenToTheSerialPortAndTheMonitor) {
  EXPECT_EQ(added({"-chardev", "stdio,id=c,mux=on,signal=off", "-serial", "chardev:c", "-mon", "chardev=c"}), "");
  EXPECT_EQ(added({"-serial", "chardev:c", "-chardev", "file,path=log,id=c"}), "--serial=file:log");
  EXPECT_EQ(added({"-chardev", "pty,id=c", "-device", "isa-serial,chardev=c"}), "--serial=pty");
  EXPECT_EQ(added({"-chardev", "null,id=c", "-serial", "chardev:c"}), "--serial=none");
  EXPECT_EQ(added({"-chardev", "socket,path=/s,server=on,wait=off,id=c", "-serial", "chardev:c"}), "--serial=unix:/s");
  EXPECT_EQ(added({"-chardev", "socket,host=localhost,port=4555,server,nowait,id=c", "-serial", "chardev:c"}),
            "--serial=tcp:localhost:4555");
}

TEST(QemuCharacterDevices, WhatTheyCannotBe) {
  EXPECT_EQ(added({"-serial", "chardev:c"}), "-serial chardev:c: there is no -chardev with id=c");
  EXPECT_EQ(added({"-chardev", "stdio"}), "-chardev stdio: id=ID is missing");
  EXPECT_EQ(added({"-chardev", "vc,id=c"}), "-chardev vc,id=c: gdbvm has stdio, null, pty, file and socket");
  EXPECT_EQ(added({"-chardev", "stdio,id=c,logfile=l"}), "-chardev logfile=l: gdbvm does not have this setting");
  EXPECT_EQ(added({"-mon", "chardev=c,mode=control"}),
            "-mon mode=control: gdbvm has no QMP; its monitor is at Ctrl-A c on the terminal, and in gdb");
}

TEST(QemuDebugPorts, TheConsole) {
  EXPECT_EQ(added({"-debugcon", "stdio"}), "") << "part of the serial port's output";
  EXPECT_EQ(added({"-debugcon", "file:log"}), "--debug-console=file:log");
  EXPECT_EQ(added({"-debugcon", "null"}), "--debug-console=none");
  EXPECT_EQ(added({"-debugcon", "stdio", "-serial", "null"}), "--serial=none --debug-console=stdio");
  EXPECT_EQ(added({"-debugcon", "pty"}), "-debugcon pty: gdbvm has stdio, file:PATH, null and none there");
}

TEST(QemuDebugPorts, TheFirmwaresLog) {
  EXPECT_EQ(added({"-debugcon", "file:log", "-global", "isa-debugcon.iobase=0x402"}), "--firmware-log=file:log");
  EXPECT_EQ(added({"-chardev", "file,path=log,id=d", "-device", "isa-debugcon,iobase=0x402,chardev=d"}),
            "--firmware-log=file:log");
  EXPECT_EQ(added({"-chardev", "stdio,id=d", "-device", "isa-debugcon,iobase=0x402,chardev=d"}),
            "--firmware-log=stdio");
  EXPECT_EQ(added({"-device", "isa-debugcon,iobase=0x403,chardev=d"}),
            "isa-debugcon's iobase=0x403: gdbvm's debug consoles are at 0xe9 and 0x402");
  EXPECT_EQ(added({"-global", "kvm-pit.lost_tick_policy=discard"}), "");
  EXPECT_EQ(added({"-global", "virtio-blk.scsi=off"}),
            "-global virtio-blk.scsi=off: gdbvm's devices have no such settings");
}

}  // namespace
}  // namespace gdbvm::qemu

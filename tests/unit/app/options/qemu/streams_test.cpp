// QEMU's options for where bytes go.
#include <gtest/gtest.h>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

TEST(QemuStreams, TheSerialPort) {
  for (const char* terminal : {"stdio", "mon:stdio"}) EXPECT_EQ(added({"-serial", terminal}), "") << terminal;
  for (const char* nothing : {"null", "none"}) EXPECT_EQ(added({"-serial", nothing}), "--serial=none") << nothing;
  for (const char* same : {"pty", "file:log"}) EXPECT_EQ(added({"-serial", same}), std::string("--serial=") + same);
  EXPECT_EQ(added({"-nodefaults"}), "--serial=none");
  EXPECT_EQ(added({"-nodefaults", "-serial", "stdio"}), "");
}

TEST(QemuStreams, ASerialPortOnASocket) {
  for (const char* socket : {"unix:/s,server=on,wait=off", "unix:/s,server,nowait"}) {
    EXPECT_EQ(added({"-serial", socket}), "--serial=unix:/s") << socket;
  }
  EXPECT_EQ(added({"-serial", "tcp::4555,server,nowait"}), "--serial=tcp::4555");
  EXPECT_EQ(added({"-serial", "tcp:localhost:4555"}),
            "-serial tcp:localhost:4555 connects to a socket, and gdbvm listens: add ,server=on,wait=off");
  EXPECT_EQ(added({"-serial", "unix:/s"}),
            "-serial unix:/s connects to a socket, and gdbvm listens: add ,server=on,wait=off");
  EXPECT_EQ(added({"-serial", "unix:/s,server=on"}),
            "-serial unix:/s,server=on waits for a client, and gdbvm does not: add ,wait=off");
}

TEST(QemuStreams, WhatTheSerialPortCannotBe) {
  for (const char* other : {"vc", "telnet::1", "file:", "udp::1"}) {
    EXPECT_EQ(added({"-serial", other}),
              "-serial " + std::string(other) +
                  ": gdbvm has stdio, mon:stdio, file:PATH, unix:PATH, tcp:HOST:PORT, pty, null and none");
  }
}

TEST(QemuStreams, TwoSerialPorts) {
  EXPECT_EQ(added({"-serial", "mon:stdio", "-serial", "file:log"}), "--serial2=file:log");
  EXPECT_EQ(added({"-serial", "none", "-serial", "pty"}), "--serial=none --serial2=pty");
  EXPECT_EQ(added({"-chardev", "pty,id=p", "-serial", "stdio", "-device", "isa-serial,chardev=p"}), "--serial2=pty");
  EXPECT_EQ(added({"-serial", "pty", "-serial", "stdio"}),
            "a second -serial on stdio: standard input and output can be the first one's alone");
  EXPECT_EQ(added({"-serial", "stdio", "-serial", "null", "-serial", "none"}), "--serial2=none");
  EXPECT_EQ(added({"-serial", "stdio", "-serial", "null", "-serial", "pty"}),
            "-serial pty is the third serial port, and gdbvm has two");
}

TEST(QemuStreams, TheMonitor) {
  for (const char* place : {"stdio", "null", "none", "vc"}) EXPECT_EQ(added({"-monitor", place}), "") << place;
  EXPECT_EQ(added({"-monitor", "tcp::4444"}),
            "-monitor tcp::4444: gdbvm's is at Ctrl-A c on the terminal, and gdb's monitor command");
  EXPECT_EQ(added({"-monitor", "stdio", "-serial", "pty"}),
            "-monitor stdio: gdbvm's is at Ctrl-A c, where the serial port is on the terminal: -serial mon:stdio");
}

TEST(QemuStreams, Gdb) {
  EXPECT_EQ(added({"-gdb", "tcp::26000"}), "--gdb=:26000");
  EXPECT_EQ(added({"-gdb", "tcp:127.0.0.1:26000,server=on,wait=off"}), "--gdb=127.0.0.1:26000");
  EXPECT_EQ(added({"-gdb", "unix:/g,server=on,wait=off"}), "--gdb=unix:/g");
  EXPECT_EQ(added({"-gdb", "none"}), "");
  EXPECT_EQ(added({"-s"}), "--gdb=:1234");
  EXPECT_EQ(added({"-s", "-gdb", "tcp::1"}), "--gdb=:1");
  EXPECT_EQ(added({"-gdb", "tcp::99999"}), "-gdb tcp::99999: '99999' is not a port number from 0 to 65535");
  EXPECT_EQ(added({"-gdb", "/dev/ttyS0"}),
            "-gdb /dev/ttyS0: gdbvm has tcp::PORT, tcp:HOST:PORT, unix:PATH, stdio and none");
}

TEST(QemuStreams, GdbOnStdioHasStdio) {
  EXPECT_EQ(whole({"-kernel", "k", "-gdb", "stdio", "-S"}), "--memory=128M -S --gdb=stdio k");
}

}  // namespace
}  // namespace gdbvm::qemu

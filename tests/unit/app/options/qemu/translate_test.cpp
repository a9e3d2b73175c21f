// Whole command lines: whose they are, and what they mean in QEMU.
#include "vmm/app/options/qemu/translate.h"

#include <gtest/gtest.h>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

TEST(QemuLine, GdbvmsOwnIsLeftAsItIs) {
  EXPECT_EQ(whole({"-s", "-S", "-m", "1G", "k.elf", "--append", "-hda"}), "-s -S -m 1G k.elf --append -hda");
  EXPECT_EQ(whole({"-m512", "-sS", "--gdb=none", "--run", "k"}), "-m512 -sS --gdb=none --run k");
  EXPECT_EQ(whole({}), "");
}

// The lines of courses, as their Makefiles have them.
TEST(QemuLine, Xv6) {
  EXPECT_EQ(whole({"-nographic", "-drive", "file=fs.img,index=1,media=disk,format=raw", "-drive",
                   "file=xv6.img,index=0,media=disk,format=raw", "-smp", "2", "-m", "512", "-S", "-gdb", "tcp::26000"}),
            "--cpus=2 --memory=512 -S --gdb=:26000 --serial=stdio --disk=xv6.img,ide --disk=fs.img,ide");
}

TEST(QemuLine, Jos) {
  EXPECT_EQ(whole({"-drive", "file=obj/kern/kernel.img,index=0,media=disk,format=raw", "-serial", "mon:stdio", "-gdb",
                   "tcp::26000", "-D", "qemu.log", "-smp", "1", "-drive",
                   "file=obj/fs/fs.img,index=1,media=disk,format=raw", "-S"}),
            "--cpus=1 --memory=128M -S --gdb=:26000 --serial=stdio --disk=obj/kern/kernel.img,ide "
            "--disk=obj/fs/fs.img,ide");
}

TEST(QemuLine, Pintos) {
  EXPECT_EQ(whole({"-device", "isa-debug-exit", "-hda", "/tmp/p.dsk", "-m", "4", "-net", "none", "-nographic",
                   "-monitor", "null", "-s", "-S"}),
            "--debug-exit=0x501 --memory=4 -S --gdb=:1234 --serial=stdio --disk=/tmp/p.dsk,ide");
}

TEST(QemuLine, KvmUnitTests) {
  EXPECT_EQ(whole({"-nodefaults", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x4", "-display", "none", "-serial",
                   "stdio", "-machine", "accel=kvm", "-kernel", "x86/apic.flat", "-smp", "2", "-cpu", "max"}),
            "--debug-exit=0xf4 --cpus=2 --memory=128M --run --gdb=none --serial=stdio x86/apic.flat");
}

TEST(QemuLine, GdbvmsOwnOptionsWin) {
  EXPECT_EQ(whole({"-kernel", "k", "--memory", "1G", "--gdb", ":5", "--run", "--serial", "none", "-s", "-m", "4"}),
            "--memory 1G --gdb :5 --run --serial none k");
  EXPECT_EQ(whole({"-kernel", "k", "--memory=1G", "--symbols", "-hda"}),
            "--run --gdb=none --serial=stdio --memory=1G --symbols -hda k");
}

TEST(QemuLine, TheLastOfTheSameCounts) {
  EXPECT_EQ(added({"-smp", "2", "-smp", "3"}), "--cpus=3");
  EXPECT_EQ(added({"-initrd", "a", "-initrd", "b"}), "--initrd=a --initrd=b");
}

TEST(QemuLine, TwoDashesAreQemusToo) {
  EXPECT_EQ(whole({"--nographic", "--enable-kvm", "k"}), "--memory=128M --run --gdb=none --serial=stdio k");
}

TEST(QemuLine, ACommandHasADebuggersAddress) {
  EXPECT_EQ(whole({"-kernel", "k", "-S"}, true), "--memory=128M -S --serial=stdio k");
}

TEST(QemuLine, NoMessageBlamesAnotherWord) {
  EXPECT_EQ(whole({"-hdz", "f"}), "-hdz is not an option, neither gdbvm's nor one of QEMU's that it knows");
  EXPECT_EQ(whole({"--frobnicate", "k"}),
            "--frobnicate is not an option, neither gdbvm's nor one of QEMU's that it knows");
  EXPECT_EQ(whole({"k", "-hda"}), "-hda needs a value");
  EXPECT_EQ(whole({"k", "--gdb"}), "--gdb needs a value");
}

}  // namespace
}  // namespace gdbvm::qemu

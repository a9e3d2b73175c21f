// QEMU's options for disks, and its devices.
#include <gtest/gtest.h>

#include "qemu_line.h"

namespace gdbvm::qemu {
namespace {

TEST(QemuDisks, BesideAKernel) {
  EXPECT_EQ(added({"-hda", "a", "-hdb", "b"}), "--disk=a,ide --disk=b,ide");
  EXPECT_EQ(added({"-hdb", "b", "-hda", "a", "-hdd", "d", "-hdc", "c"}),
            "--disk=a,ide --disk=b,ide --disk=c,ide --disk=d,ide");
  EXPECT_EQ(added({"-cdrom", "c"}), "--disk=c,cdrom");
  EXPECT_EQ(added({"lone"}), "--disk=lone,ide");
}

TEST(QemuDisks, Drives) {
  EXPECT_EQ(added({"-drive", "file=a,format=raw,media=disk,cache=none"}), "--disk=a,ide");
  EXPECT_EQ(added({"-drive", "file=a,if=virtio,readonly=on"}), "--disk=a,ro,virtio");
  EXPECT_EQ(added({"-drive", "file=a,if=ide,snapshot=on"}), "--disk=a,snapshot,ide");
  EXPECT_EQ(added({"-drive", "file=c,media=cdrom"}), "--disk=c,cdrom");
  EXPECT_EQ(added({"-drive", "file=a,,b"}), "--disk=a,b,ide");
  EXPECT_EQ(added({"-snapshot", "-hda", "a", "-cdrom", "c"}), "--disk=a,snapshot,ide --disk=c,cdrom");
}

TEST(QemuDisks, TheOrderIsTheIndexs) {
  EXPECT_EQ(added({"-drive", "file=fs,index=1", "-drive", "file=os,index=0"}), "--disk=os,ide --disk=fs,ide");
  EXPECT_EQ(added({"-drive", "file=b,bus=0,unit=1", "-drive", "file=a"}), "--disk=a,ide --disk=b,ide");
}

TEST(QemuDisks, DrivesOfDevices) {
  EXPECT_EQ(added({"-drive", "file=a,if=none,id=x", "-device", "virtio-blk-pci,drive=x"}), "--disk=a,virtio");
  EXPECT_EQ(added({"-drive", "file=a,if=none,id=x", "-device", "ide-cd,drive=x"}), "--disk=a,cdrom");
  EXPECT_EQ(added({"-drive", "file=a,if=none,id=x", "-device", "ide-hd,drive=x"}), "--disk=a,ide");
  EXPECT_EQ(added({"-drive", "file=a,if=none,id=x"}), "");
  EXPECT_EQ(added({"-device", "virtio-blk-pci,drive=y"}),
            "-device virtio-blk-pci,drive=y: there is no -drive with id=y");
  EXPECT_EQ(added({"-device", "virtio-blk-pci"}), "-device virtio-blk-pci: drive=ID is missing");
}

TEST(QemuDisks, AFirmwareBootsThemInTheirOrder) {
  constexpr const char* usual = "--memory=128M --run --gdb=none --serial=stdio ";
  EXPECT_EQ(whole({"-hda", "a", "-hdb", "b"}), usual + std::string("--disk=a,ide --disk=b,ide"));
  EXPECT_EQ(whole({"-cdrom", "c", "-hdd", "d"}), usual + std::string("--disk=d,ide --disk=c,cdrom"));
  for (const char* order : {"d", "order=dc", "once=d,menu=off"}) {
    EXPECT_EQ(whole({"-hda", "a", "-cdrom", "c", "-boot", order}), usual + std::string("--disk=c,cdrom --disk=a,ide"))
        << order;
  }
  EXPECT_EQ(whole({"-hda", "a", "-cdrom", "c", "-boot", "c"}), usual + std::string("--disk=a,ide --disk=c,cdrom"));
  EXPECT_EQ(whole({"-fda", "f", "-cdrom", "c", "-hda", "a"}),
            usual + std::string("--disk=a,ide --disk=f,floppy --disk=c,cdrom"));
  EXPECT_EQ(whole({"-drive", "file=f,if=floppy", "-hda", "a", "-boot", "a"}),
            usual + std::string("--disk=f,floppy --disk=a,ide"));
  EXPECT_EQ(whole({"-hda", "a", "-bios", "b"}), "--bios=b " + std::string(usual) + "--disk=a,ide");
}

TEST(QemuDisks, WhatBootCannotBe) {
  EXPECT_EQ(added({"-boot", "n"}), "-boot n: gdbvm boots from a floppy (a), a disk (c) or a CD-ROM (d)");
  EXPECT_EQ(added({"-boot", "menu=on"}), "-boot menu=on: gdbvm does not have this setting");
}

TEST(QemuDisks, WhatADriveCannotBe) {
  EXPECT_EQ(added({"-drive", "file=a,format=qcow2"}), "-drive format=qcow2: gdbvm reads raw images (qemu-img convert)");
  EXPECT_EQ(added({"-drive", "if=pflash,file=a"}),
            "-drive if=pflash: gdbvm has no flash memory, and no UEFI; -bios FILE starts firmware");
  EXPECT_EQ(added({"-drive", "if=scsi,file=a"}), "-drive if=scsi: gdbvm's disks are ide, virtio or floppy");
  EXPECT_EQ(added({"-drive", "media=tape,file=a"}), "-drive media=tape is not disk or cdrom");
  EXPECT_EQ(added({"-drive", "index=one,file=a"}), "-drive index=one is not a number");
  EXPECT_EQ(added({"-drive", "index=1"}), "-drive index=1: file=FILE is missing");
  EXPECT_EQ(added({"-drive", "file=a,cyls=2"}), "-drive cyls=2: gdbvm does not have this setting");
}

TEST(QemuDisks, DebugExit) {
  EXPECT_EQ(added({"-device", "isa-debug-exit"}), "--debug-exit=0x501");
  EXPECT_EQ(added({"-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"}), "--debug-exit=0xf4");
  EXPECT_EQ(added({"-device", "isa-debug-exit,iobase=com1"}), "-device isa-debug-exit,iobase=com1 is not a port");
  EXPECT_EQ(added({"-device", "isa-debug-exit,iosize=8"}), "-device isa-debug-exit,iosize=8 is not 1 to 4");
}

TEST(QemuDisks, OtherDevices) {
  EXPECT_EQ(added({"-device", "virtio-rng-pci"}), "");
  EXPECT_EQ(added({"-device", "VGA"}), "");
  EXPECT_EQ(added({"-device", "e1000,netdev=n"}), "-device e1000: gdbvm does not have this device");
}

}  // namespace
}  // namespace gdbvm::qemu

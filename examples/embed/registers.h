// The description of the emulator's registers for gdb.
#pragma once

#include "gdbstub/target_description.h"

// The registers that gdb requires of an x86-64; those after the first 17 are all 0 here.
inline gdbstub::TargetDescription describe() {
  using namespace gdbstub;
  std::vector<RegisterDescription> all;
  for (const char* name : {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12",
                           "r13", "r14", "r15", "rip"})
    all.push_back({name, 64, "int64", "general"});
  for (const char* name : {"eflags", "cs", "ss", "ds", "es", "fs", "gs"}) all.push_back({name, 32, "int32", "general"});
  for (char i = '0'; i < '8'; ++i) all.push_back({std::string("st") + i, 80, "i387_ext", "float"});
  for (const char* name : {"fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"})
    all.push_back({name, 32, "int", "float"});
  return {"i386:x86-64", {{"org.gnu.gdb.i386.core", {}, all}}};
}

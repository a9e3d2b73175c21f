// A machine of 64 KiB and two threads that executes a few x86-64 instructions: enough to be debugged, without KVM.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gdbstub/session/register_layout.h"
#include "gdbstub/types.h"

namespace gdbstub::toy {

// i386.core and i386.sse, as GDB requires them for x86-64.
const TargetDescription& description();

// A thread's registers as the bytes of a g packet.
class Registers {
 public:
  Registers();
  std::uint64_t general(unsigned encoding) const;  // numbered as in instructions: rax rcx rdx rbx rsp rbp rsi rdi r8...
  void set_general(unsigned encoding, std::uint64_t value);
  std::uint64_t rip() const;
  void set_rip(std::uint64_t value);
  bool zero() const;
  void set_zero(bool zero);
  MutableBytes bytes() { return bytes_; }
  Bytes bytes() const { return bytes_; }

 private:
  std::uint64_t load(std::size_t offset) const;
  void store(std::size_t offset, std::uint64_t value);
  std::vector<std::uint8_t> bytes_;
};

struct Access {
  std::uint64_t address;
  std::uint64_t length;
  bool is_write;
};

// The result of one instruction.
namespace outcome {
struct Executed {};
struct Halted {};      // hlt: the thread waits forever
struct Breakpoint {};  // the program's own int3
struct Invalid {};     // an instruction this machine does not know
struct Fault {         // missing memory
  std::uint64_t address;
};
struct Exited {  // out 0xf4
  std::uint8_t status;
};
struct Printed {  // out 0xe9
  char character;
};
}  // namespace outcome
using Outcome = std::variant<outcome::Executed, outcome::Halted, outcome::Breakpoint, outcome::Invalid, outcome::Fault,
                             outcome::Exited, outcome::Printed>;

class Machine {
 public:
  static constexpr std::uint64_t ram_size = 0x10000;
  static constexpr std::uint64_t rom_start = 0x20000;
  static constexpr std::uint64_t rom_size = 0x1000;
  static constexpr std::size_t threads = 2;

  Machine() { reset(); }
  // Memory and registers as before the first instruction; see toy_machine.cpp for the program.
  void reset();

  Registers& registers(std::size_t thread) { return registers_[thread]; }
  // Executes the instruction at rip. What it read and wrote is in accesses() until the next step.
  Outcome step(std::size_t thread);
  const std::vector<Access>& accesses() const { return accesses_; }
  // Undoes the last executed instruction and returns its thread; nullopt: no history. Its accesses are in
  // accesses().
  std::optional<std::size_t> step_back();

  // How many bytes exist from `address` on, at most `length`; ROM counts for reading only.
  std::uint64_t readable(std::uint64_t address, std::uint64_t length) const;
  std::uint64_t writable(std::uint64_t address, std::uint64_t length) const;
  void read(std::uint64_t address, MutableBytes out) const;  // readable()
  void write(std::uint64_t address, Bytes bytes);            // writable()

 private:
  friend class Execution;
  struct Undo {
    std::size_t thread;
    Registers registers;
    std::vector<Access> accesses;
    std::uint64_t address;  // what was there before a write
    std::vector<std::uint8_t> bytes;
  };

  std::vector<std::uint8_t> ram_;
  std::vector<std::uint8_t> rom_;
  std::array<Registers, threads> registers_;
  std::vector<Access> accesses_;
  std::deque<Undo> history_;
};

}  // namespace gdbstub::toy

// What one hit has collected: blocks of registers, memory and variables in the format of GDB's trace files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "gdbstub/types.h"

namespace gdbstub {

// Where each register stands in a block of registers, which is as long as a `g` packet's.
struct TraceRegisters {
  std::vector<std::size_t> sizes;  // bytes, by register number
  std::vector<std::size_t> offsets;
  std::size_t total = 0;
  std::optional<RegisterNumber> pc;
};

// Little-endian. Gathered by one thread, and immutable once it is in a buffer.
class TraceFrame {
 public:
  static constexpr std::size_t header_size = 6;  // the tracepoint's number and the length of the blocks

  // `at`: the pc, where no register tells.
  TraceFrame(std::uint32_t tracepoint, Address at, std::shared_ptr<const TraceRegisters> registers);

  // ---- while it is gathered
  bool has_register(RegisterNumber number) const {
    return number.value < collected_.size() && collected_[number.value];
  }
  // A register's place in the block, to be filled; all others that are never asked for read as 0 in a file.
  MutableBytes add_register(RegisterNumber number);
  void drop_register(RegisterNumber number) { collected_[number.value] = false; }
  // Room for bytes of memory, at most max_memory.
  static constexpr std::size_t max_memory = 0xffff;
  MutableBytes add_memory(Address address, std::size_t length);
  // The memory added last turned out to have only that many bytes; 0 takes it back.
  void cut_memory(std::size_t length);
  void add_variable(std::uint32_t number, std::uint64_t value);
  // As it stands in a file.
  Bytes finish();

  // ---- afterwards
  std::uint32_t tracepoint() const { return tracepoint_; }
  Bytes bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  Address pc() const;
  // nullopt: not collected.
  std::optional<Bytes> register_value(RegisterNumber number) const;
  // How much of `out` was collected, from its start on; fills that.
  std::size_t read_memory(Address address, MutableBytes out) const;
  struct MemoryBlock {
    Address start;
    Bytes bytes;
  };
  std::vector<MemoryBlock> memory() const;
  std::optional<std::uint64_t> variable(std::uint32_t number) const;
  std::vector<std::uint32_t> variables() const;

 private:
  template <class Visit>
  void for_each_block(Visit visit) const;
  void append(std::uint64_t value, std::size_t size);

  std::uint32_t tracepoint_;
  Address at_;
  std::shared_ptr<const TraceRegisters> registers_;
  std::vector<bool> collected_;  // by register number; empty: there is no block of registers
  std::size_t registers_at_ = 0, memory_at_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace gdbstub

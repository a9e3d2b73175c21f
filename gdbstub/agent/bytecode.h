// Agent bytecode taken apart: operations, the sizes of their operands, and reading them one after the other.
#pragma once

#include <cstdint>
#include <string_view>

#include "gdbstub/types.h"

namespace gdbstub::agent {

// GDB manual, appendix "The GDB Agent Expression Mechanism", section "Bytecode Descriptions".
enum class Op : std::uint8_t {
  Float = 0x01,
  Add,
  Sub,
  Mul,
  DivSigned,
  DivUnsigned,
  RemSigned,
  RemUnsigned,
  Lsh,
  RshSigned,
  RshUnsigned,
  Trace,
  TraceQuick,
  LogNot,
  BitAnd,
  BitOr,
  BitXor,
  BitNot,
  Equal,
  LessSigned,
  LessUnsigned,
  Ext,
  Ref8,
  Ref16,
  Ref32,
  Ref64,
  RefFloat,
  RefDouble,
  RefLongDouble,
  LongToDouble,
  DoubleToLong,
  IfGoto,
  Goto,
  Const8,
  Const16,
  Const32,
  Const64,
  Reg,
  End,
  Dup,
  Pop,
  ZeroExt,
  Swap,
  GetVariable,
  SetVariable,
  TraceVariable,
  TraceString,
  Trace16,
  Pick = 0x32,
  Rot = 0x33,
  Printf = 0x34
};
static_assert(static_cast<int>(Op::End) == 0x27 && static_cast<int>(Op::Trace16) == 0x30);

// Bytes of an operation's operand. That of Printf is the count of its arguments; a text() comes after it.
std::size_t operand_size(Op op);

struct Instruction {
  Op op;
  std::uint64_t operand;
};

class BytecodeReader {
 public:
  explicit BytecodeReader(Bytes code) : code_(code) {}

  // Fails at the end of the code.
  Result<Instruction> next();
  // The next instruction is at this offset, which may turn out to be outside the code.
  void jump(std::uint64_t to) { at_ = to; }
  // A length, that many characters, the last of them NUL, which is left out.
  Result<std::string_view> text();

 private:
  bool has(std::size_t size) const { return at_ <= code_.size() && code_.size() - at_ >= size; }
  std::uint64_t number(std::size_t size);  // most significant byte first

  Bytes code_;
  std::uint64_t at_ = 0;
};

}  // namespace gdbstub::agent

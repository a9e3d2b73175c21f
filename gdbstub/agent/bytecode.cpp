#include "gdbstub/agent/bytecode.h"

namespace gdbstub::agent {

std::size_t operand_size(Op op) {
  switch (op) {
    case Op::Const8:
    case Op::Ext:
    case Op::ZeroExt:
    case Op::Pick:
    case Op::TraceQuick:
    case Op::Printf:
      return 1;
    case Op::Const16:
    case Op::IfGoto:
    case Op::Goto:
    case Op::Reg:
    case Op::Trace16:
    case Op::GetVariable:
    case Op::SetVariable:
    case Op::TraceVariable:
      return 2;
    case Op::Const32:
      return 4;
    case Op::Const64:
      return 8;
    default:
      return 0;
  }
}

std::uint64_t BytecodeReader::number(std::size_t size) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : code_.subspan(at_, size)) value = value << 8 | byte;
  at_ += size;
  return value;
}

Result<Instruction> BytecodeReader::next() {
  if (has(1)) {
    const auto op = static_cast<Op>(number(1));
    if (const std::size_t size = operand_size(op); has(size)) return Instruction{op, number(size)};
  }
  return fail("the expression runs off its end");
}

Result<std::string_view> BytecodeReader::text() {
  const std::uint64_t length = has(2) ? number(2) : 0;
  if (length == 0 || !has(length) || code_[at_ + length - 1] != 0) return fail("the expression's format does not end");
  const std::string_view all(reinterpret_cast<const char*>(code_.data()) + at_, length - 1);
  at_ += length;
  return all.substr(0, all.find('\0'));
}

}  // namespace gdbstub::agent

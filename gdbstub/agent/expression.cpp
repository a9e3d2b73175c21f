#include "gdbstub/agent/expression.h"

#include <algorithm>
#include <array>
#include <vector>

#include "gdbstub/agent/arithmetic.h"
#include "gdbstub/agent/bytecode.h"
#include "gdbstub/agent/little_endian.h"
#include "gdbstub/agent/printf.h"
#include "gdbstub/agent/value_stack.h"

namespace gdbstub {
namespace {

using agent::Instruction;
using agent::Op;
using agent::Word;

class Interpreter {
 public:
  Interpreter(Bytes code, std::span<const std::size_t> register_sizes, HitContext& context, TraceSink* sink)
      : code_(code), register_sizes_(register_sizes), context_(context), sink_(sink) {}

  Result<Word> run() {
    for (std::size_t steps = 0; steps < step_limit; ++steps) {
      const auto instruction = code_.next();
      if (!instruction) return std::unexpected(instruction.error());
      if (instruction->op == Op::End) return stack_.top_or_zero();
      if (auto done = execute(*instruction); !done) return std::unexpected(done.error());
      if (stack_.error() != nullptr) return fail(stack_.error());
    }
    return fail("the expression does not end");
  }

 private:
  // Operations on the code and on the target.
  Result<> execute(const Instruction& instruction) {
    switch (instruction.op) {
      case Op::IfGoto:
        if (stack_.pop() != 0) code_.jump(instruction.operand);
        return {};
      case Op::Goto:
        code_.jump(instruction.operand);
        return {};
      case Op::Ref8:
        return reference(1);
      case Op::Ref16:
        return reference(2);
      case Op::Ref32:
        return reference(4);
      case Op::Ref64:
        return reference(8);
      case Op::Reg:
        return read_register(instruction.operand);
      case Op::Printf:
        return print(instruction.operand);
      default:
        return compute(instruction);
    }
  }

  // Operations on values alone, and those of tracing.
  Result<> compute(const Instruction& instruction) {
    switch (instruction.op) {
      case Op::Const8:
      case Op::Const16:
      case Op::Const32:
      case Op::Const64:
        stack_.push(instruction.operand);
        return {};
      case Op::LogNot:
        stack_.push(stack_.pop() == 0 ? 1 : 0);
        return {};
      case Op::BitNot:
        stack_.push(~stack_.pop());
        return {};
      case Op::Ext:
      case Op::ZeroExt:
        return extend(instruction);
      case Op::Trace:
      case Op::TraceString:
      case Op::TraceQuick:
      case Op::Trace16:
        trace(instruction);
        return {};
      case Op::GetVariable:
      case Op::SetVariable:
      case Op::TraceVariable:
        return use_variable(instruction);
      default:
        return rearrange(instruction);
    }
  }

  // The quick ones have the length in the code, and leave the address where it is.
  void trace(const Instruction& instruction) {
    const bool quick = instruction.op == Op::TraceQuick || instruction.op == Op::Trace16;
    const Word length = quick ? instruction.operand : stack_.pop();
    const Address address{quick ? stack_.top() : stack_.pop()};
    if (sink_ == nullptr || stack_.error() != nullptr) return;
    if (instruction.op == Op::TraceString) return sink_->trace_string(address, length);
    sink_->trace_memory(address, length);
  }

  Result<> use_variable(const Instruction& instruction) {
    if (sink_ == nullptr) return fail("the expression uses a trace state variable, and no trace runs it");
    const auto number = static_cast<std::uint32_t>(instruction.operand);
    if (instruction.op == Op::TraceVariable) return sink_->trace_variable(number);
    if (instruction.op == Op::SetVariable) {
      const Word value = stack_.top();
      return stack_.error() == nullptr ? sink_->set_variable(number, value) : Result<>();
    }
    const auto value = sink_->variable(number);
    if (!value) return std::unexpected(value.error());
    stack_.push(*value);
    return {};
  }

  Result<> rearrange(const Instruction& instruction) {
    switch (instruction.op) {
      case Op::Dup:
        stack_.pick(0);
        return {};
      case Op::Pop:
        stack_.pop();
        return {};
      case Op::Pick:
        stack_.pick(instruction.operand);
        return {};
      case Op::Swap: {
        const Word b = stack_.pop(), a = stack_.pop();
        stack_.push(b), stack_.push(a);
        return {};
      }
      case Op::Rot: {
        const Word c = stack_.pop(), b = stack_.pop(), a = stack_.pop();
        stack_.push(c), stack_.push(a), stack_.push(b);
        return {};
      }
      default:
        return combine(instruction.op);
    }
  }

  Result<> combine(Op op) {
    const Word b = stack_.pop(), a = stack_.pop();
    const auto value = agent::compute(op, a, b);
    if (value) return stack_.push(*value), Result<>();
    return fail(is_division(op) ? "the expression divides by zero" : "the expression has an unknown instruction");
  }

  Result<> extend(const Instruction& instruction) {
    const Word bits = instruction.operand;
    if (bits == 0) return fail("the expression extends a value of no bits");
    const Word value = stack_.pop();
    stack_.push(instruction.op == Op::Ext ? agent::sign_extended(value, bits) : agent::zero_extended(value, bits));
    return {};
  }

  Result<> reference(std::size_t size) {
    std::array<std::uint8_t, 8> bytes;
    const auto out = MutableBytes(bytes).first(size);
    const Address address{stack_.pop()};
    if (stack_.error() != nullptr) return {};
    if (auto read = context_.read_memory(address, out); !read) return read;
    stack_.push(from_little_endian(out));
    return {};
  }
  Result<> read_register(Word number) {
    std::array<std::uint8_t, 64> bytes;
    if (number >= register_sizes_.size() || register_sizes_[number] > bytes.size()) {
      return fail("the expression names a register that does not exist");
    }
    const auto out = MutableBytes(bytes).first(register_sizes_[number]);
    if (auto read = context_.read_register({static_cast<std::uint32_t>(number)}, out); !read) return read;
    stack_.push(from_little_endian(out));
    return {};
  }

  // The top of the stack is a function and a channel, which name no stream here; below them the arguments, the first
  // on top.
  Result<> print(Word count) {
    const auto format = code_.text();
    if (!format) return std::unexpected(format.error());
    stack_.pop();
    stack_.pop();
    std::vector<Word> arguments;
    for (Word i = 0; i < count; ++i) arguments.push_back(stack_.pop());
    if (stack_.error() != nullptr) return {};
    const auto text = agent_printf(*format, arguments, context_);
    if (!text) return std::unexpected(text.error());
    context_.print(*text);
    return {};
  }

  agent::BytecodeReader code_;
  std::span<const std::size_t> register_sizes_;
  HitContext& context_;
  TraceSink* sink_;
  agent::ValueStack stack_;
};

}  // namespace

Result<std::uint64_t> evaluate(Bytes expression, std::span<const std::size_t> register_sizes, HitContext& context,
                               TraceSink* sink) {
  return Interpreter(expression, register_sizes, context, sink).run();
}

}  // namespace gdbstub

// An interpreter of agent expressions, bounds-checked throughout, and the breakpoint action made of several of them.
#include "gdbstub/agent/expression.h"

#include <array>
#include <optional>

#include "gdbstub/agent/printf.h"

namespace gdbstub {
namespace {

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

using Word = std::uint64_t;
std::int64_t as_signed(Word value) { return static_cast<std::int64_t>(value); }
Word as_word(std::int64_t value) { return static_cast<Word>(value); }

// nullopt: division by zero. INT64_MIN / -1 wraps to itself, its remainder is 0.
std::optional<Word> divide_signed(Word a, Word b) {
  if (b == 0) return std::nullopt;
  return b == ~Word{0} ? 0 - a : as_word(as_signed(a) / as_signed(b));
}
std::optional<Word> remainder_signed(Word a, Word b) {
  if (b == 0) return std::nullopt;
  return b == ~Word{0} ? 0 : as_word(as_signed(a) % as_signed(b));
}

// `a op b`, where b was on top; nullopt: not defined.
std::optional<Word> binary(Op op, Word a, Word b) {
  switch (op) {
    case Op::Add:
      return a + b;
    case Op::Sub:
      return a - b;
    case Op::Mul:
      return a * b;
    case Op::DivSigned:
      return divide_signed(a, b);
    case Op::DivUnsigned:
      return b == 0 ? std::nullopt : std::optional(a / b);
    case Op::RemSigned:
      return remainder_signed(a, b);
    case Op::RemUnsigned:
      return b == 0 ? std::nullopt : std::optional(a % b);
    case Op::Lsh:
      return b > 63 ? 0 : a << b;
    case Op::RshSigned:
      return as_word(as_signed(a) >> (b > 63 ? 63 : b));
    case Op::RshUnsigned:
      return b > 63 ? 0 : a >> b;
    case Op::BitAnd:
      return a & b;
    case Op::BitOr:
      return a | b;
    case Op::BitXor:
      return a ^ b;
    case Op::Equal:
      return a == b ? 1 : 0;
    case Op::LessSigned:
      return as_signed(a) < as_signed(b) ? 1 : 0;
    case Op::LessUnsigned:
      return a < b ? 1 : 0;
    default:
      return std::nullopt;
  }
}

class Interpreter {
 public:
  Interpreter(Bytes code, std::span<const std::size_t> register_sizes, HitContext& context)
      : code_(code), register_sizes_(register_sizes), context_(context) {}

  Result<Word> run() {
    for (std::size_t steps = 0; steps < step_limit; ++steps) {
      const auto op = static_cast<Op>(fetch(1));
      if (bad_ == nullptr && op == Op::End) return depth_ == 0 ? 0 : stack_[depth_ - 1];
      if (bad_ == nullptr) {
        if (auto done = execute(op); !done) return std::unexpected(done.error());
      }
      if (bad_ != nullptr) return fail(bad_);
    }
    return fail("the expression does not end");
  }

 private:
  Result<> execute(Op op) {
    switch (op) {
      case Op::LogNot:
        push(pop() == 0 ? 1 : 0);
        break;
      case Op::BitNot:
        push(~pop());
        break;
      case Op::Ext:
        extend(true);
        break;
      case Op::ZeroExt:
        extend(false);
        break;
      case Op::Ref8:
        return reference(1);
      case Op::Ref16:
        return reference(2);
      case Op::Ref32:
        return reference(4);
      case Op::Ref64:
        return reference(8);
      case Op::IfGoto: {
        const Word target = fetch(2);
        if (pop() != 0) at_ = target;
        break;
      }
      case Op::Goto:
        at_ = fetch(2);
        break;
      case Op::Const8:
        push(fetch(1));
        break;
      case Op::Const16:
        push(fetch(2));
        break;
      case Op::Const32:
        push(fetch(4));
        break;
      case Op::Const64:
        push(fetch(8));
        break;
      case Op::Reg:
        return read_register(fetch(2));
      case Op::Printf:
        return print();
      default:
        return execute_stack_or_trace(op);
    }
    return {};
  }

  Result<> execute_stack_or_trace(Op op) {
    switch (op) {
      case Op::Dup:
        pick(0);
        break;
      case Op::Pop:
        pop();
        break;
      case Op::Pick:
        pick(fetch(1));
        break;
      case Op::Swap: {
        const Word b = pop(), a = pop();
        push(b), push(a);
        break;
      }
      case Op::Rot: {
        const Word c = pop(), b = pop(), a = pop();
        push(c), push(a), push(b);
        break;
      }
      case Op::Trace:
      case Op::TraceString:
        pop(), pop();
        break;
      case Op::TraceQuick:
        fetch(1);
        break;
      case Op::Trace16:
        fetch(2);
        break;
      default:
        execute_binary(op);
    }
    return {};
  }

  void execute_binary(Op op) {
    const bool division = op >= Op::DivSigned && op <= Op::RemUnsigned;
    const Word b = pop(), a = pop();
    const auto value = binary(op, a, b);
    if (!value) bad_ = division ? "the expression divides by zero" : "the expression has an unknown instruction";
    push(value.value_or(0));
  }

  // The operand of an instruction, most significant byte first.
  Word fetch(std::size_t size) {
    if (at_ > code_.size() || code_.size() - at_ < size) {
      bad_ = "the expression runs off its end";
      return 0;
    }
    Word value = 0;
    for (const std::uint8_t byte : code_.subspan(at_, size)) value = value << 8 | byte;
    at_ += size;
    return value;
  }
  void push(Word value) {
    if (depth_ == stack_.size()) {
      bad_ = "the expression needs too large a stack";
    } else {
      stack_[depth_++] = value;
    }
  }
  Word pop() {
    if (depth_ > 0) return stack_[--depth_];
    bad_ = "the expression's stack is empty";
    return 0;
  }
  void pick(Word from_top) {
    if (from_top >= depth_) {
      bad_ = "the expression's stack is empty";
    } else {
      push(stack_[depth_ - 1 - from_top]);
    }
  }

  void extend(bool with_sign) {
    const Word bits = fetch(1);
    const Word value = pop();
    if (bits == 0) {
      bad_ = "the expression extends a value of no bits";
    } else if (bits >= 64) {
      push(value);
    } else {
      const Word high = value << (64 - bits);
      push(with_sign ? as_word(as_signed(high) >> (64 - bits)) : high >> (64 - bits));
    }
  }

  // Little-endian; what is wider than 64 bits counts with its lowest 64.
  Result<> push_little_endian(Bytes bytes) {
    Word value = 0;
    for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i > 0; --i) value = value << 8 | bytes[i - 1];
    push(value);
    return {};
  }
  Result<> reference(std::size_t size) {
    std::array<std::uint8_t, 8> bytes;
    const auto out = MutableBytes(bytes).first(size);
    const Address address{pop()};
    if (bad_ != nullptr) return {};
    if (auto read = context_.read_memory(address, out); !read) return read;
    return push_little_endian(out);
  }
  Result<> read_register(Word number) {
    std::array<std::uint8_t, 64> bytes;
    if (bad_ != nullptr) return {};
    if (number >= register_sizes_.size() || register_sizes_[number] > bytes.size()) {
      return fail("the expression names a register that is not there");
    }
    const auto out = MutableBytes(bytes).first(register_sizes_[number]);
    if (auto read = context_.read_register({static_cast<std::uint32_t>(number)}, out); !read) return read;
    return push_little_endian(out);
  }

  // printf COUNT LENGTH FORMAT NUL: the top of the stack is a function and a channel, which name no stream here; below
  // them the arguments, the first on top.
  Result<> print() {
    const Word count = fetch(1);
    const Word length = fetch(2);
    if (bad_ == nullptr && (length == 0 || code_.size() - at_ < length || code_[at_ + length - 1] != 0)) {
      bad_ = "the expression's format does not end";
    }
    if (bad_ != nullptr) return {};
    const std::string_view format(reinterpret_cast<const char*>(code_.data()) + at_, length - 1);
    at_ += length;
    pop(), pop();
    std::vector<Word> arguments;
    for (Word i = 0; i < count; ++i) arguments.push_back(pop());
    if (bad_ != nullptr) return {};
    const auto text = agent_printf(format.substr(0, format.find('\0')), arguments, context_);
    if (!text) return std::unexpected(text.error());
    context_.print(*text);
    return {};
  }

  Bytes code_;
  std::span<const std::size_t> register_sizes_;
  HitContext& context_;
  std::size_t at_ = 0;
  std::array<Word, 128> stack_;
  std::size_t depth_ = 0;
  const char* bad_ = nullptr;  // set by the operations on code and stack; looked at after each instruction
};

class AgentAction final : public HitAction {
 public:
  AgentAction(std::vector<AgentBytecode> conditions, std::vector<AgentBytecode> commands,
              std::vector<std::size_t> register_sizes)
      : conditions_(std::move(conditions)), commands_(std::move(commands)), sizes_(std::move(register_sizes)) {}

  Verdict evaluate(HitContext& context) const override {
    const auto holds = any_condition_holds(context);
    if (!holds) return stop_because(holds.error(), context);
    if (!*holds) return Verdict::Resume;
    for (const AgentBytecode& command : commands_) {
      const auto done = gdbstub::evaluate(command, sizes_, context);
      if (!done) return stop_because(done.error(), context);
    }
    return commands_.empty() ? Verdict::Stop : Verdict::Resume;
  }

 private:
  Result<bool> any_condition_holds(HitContext& context) const {
    for (const AgentBytecode& condition : conditions_) {
      const auto value = gdbstub::evaluate(condition, sizes_, context);
      if (!value) return std::unexpected(value.error());
      if (*value != 0) return true;
    }
    return conditions_.empty();
  }
  static Verdict stop_because(const Error& error, HitContext& context) {
    context.print(fmt::format("gdbstub: stopped, for a breakpoint's expression failed: {}\n", error.text));
    return Verdict::Stop;
  }

  std::vector<AgentBytecode> conditions_;
  std::vector<AgentBytecode> commands_;
  std::vector<std::size_t> sizes_;
};

}  // namespace

Result<std::uint64_t> evaluate(Bytes expression, std::span<const std::size_t> register_sizes, HitContext& context) {
  return Interpreter(expression, register_sizes, context).run();
}

std::shared_ptr<const HitAction> make_hit_action(std::vector<AgentBytecode> conditions,
                                                 std::vector<AgentBytecode> commands,
                                                 std::vector<std::size_t> register_sizes) {
  return std::make_shared<AgentAction>(std::move(conditions), std::move(commands), std::move(register_sizes));
}

}  // namespace gdbstub

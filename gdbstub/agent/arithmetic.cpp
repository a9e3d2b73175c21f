#include "gdbstub/agent/arithmetic.h"

namespace gdbstub::agent {
namespace {

std::int64_t as_signed(Word value) { return static_cast<std::int64_t>(value); }
Word as_word(std::int64_t value) { return static_cast<Word>(value); }

// INT64_MIN / -1 wraps to itself, and its remainder is 0.
std::optional<Word> divide(Op op, Word a, Word b) {
  if (b == 0) return std::nullopt;
  const bool by_minus_one = b == ~Word{0};
  switch (op) {
    case Op::DivSigned:
      return by_minus_one ? 0 - a : as_word(as_signed(a) / as_signed(b));
    case Op::RemSigned:
      return by_minus_one ? 0 : as_word(as_signed(a) % as_signed(b));
    case Op::DivUnsigned:
      return a / b;
    default:
      return a % b;
  }
}

// A shift by the width or more leaves nothing, or only the sign.
std::optional<Word> shift(Op op, Word a, Word b) {
  if (op == Op::RshSigned) return as_word(as_signed(a) >> (b > 63 ? 63 : b));
  if (b > 63) return 0;
  return op == Op::Lsh ? a << b : a >> b;
}

}  // namespace

std::optional<Word> compute(Op op, Word a, Word b) {
  if (is_division(op)) return divide(op, a, b);
  switch (op) {
    case Op::Add:
      return a + b;
    case Op::Sub:
      return a - b;
    case Op::Mul:
      return a * b;
    case Op::Lsh:
    case Op::RshSigned:
    case Op::RshUnsigned:
      return shift(op, a, b);
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

Word sign_extended(Word value, Word bits) {
  if (bits >= 64) return value;
  return as_word(as_signed(value << (64 - bits)) >> (64 - bits));
}

Word zero_extended(Word value, Word bits) {
  if (bits >= 64) return value;
  return value << (64 - bits) >> (64 - bits);
}

}  // namespace gdbstub::agent

// The stack of an agent expression, of a fixed size.
#pragma once

#include <array>
#include <cstddef>

#include "gdbstub/agent/arithmetic.h"

namespace gdbstub::agent {

// What cannot be done is remembered, and looked at after each instruction.
class ValueStack {
 public:
  void push(Word value) {
    if (depth_ == values_.size()) {
      error_ = "the expression needs too large a stack";
    } else {
      values_[depth_++] = value;
    }
  }
  Word pop() {
    if (depth_ > 0) return values_[--depth_];
    error_ = "the expression's stack is empty";
    return 0;
  }
  // Pushes a copy of the value that has `from_top` others above it.
  void pick(Word from_top) {
    if (from_top >= depth_) {
      error_ = "the expression's stack is empty";
    } else {
      push(values_[depth_ - 1 - from_top]);
    }
  }
  Word top() {
    if (depth_ == 0) error_ = "the expression's stack is empty";
    return top_or_zero();
  }
  Word top_or_zero() const { return depth_ == 0 ? 0 : values_[depth_ - 1]; }
  // nullptr: none so far.
  const char* error() const { return error_; }

 private:
  std::array<Word, 128> values_;
  std::size_t depth_ = 0;
  const char* error_ = nullptr;
};

}  // namespace gdbstub::agent

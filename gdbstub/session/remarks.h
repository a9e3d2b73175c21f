// Console text that waits for a time at which the client shows it to its user.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace gdbstub {

class Remarks {
 public:
  static constexpr std::size_t max_size = 64 * 1024;

  // Appends a line; text beyond the limit is lost.
  void add(std::string_view text) {
    if (text.empty() || text_.size() + text.size() > max_size) return;
    text_ += text;
    if (text_.back() != '\n') text_ += '\n';
  }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

}  // namespace gdbstub

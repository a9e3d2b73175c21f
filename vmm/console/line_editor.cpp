#include "vmm/console/line_editor.h"

#include <utility>

namespace gdbvm {

namespace {
constexpr std::uint8_t ctrl_c = 3, ctrl_d = 4, backspace = 8, ctrl_n = 14, ctrl_p = 16, ctrl_u = 21, escape = 27,
                       rubout = 127;
}

void LineEditor::show() { outputs_.echo(prompt_ + line_); }

void LineEditor::feed(std::span<const std::uint8_t> typed) {
  for (const std::uint8_t byte : typed) take(byte);
}

void LineEditor::take(std::uint8_t byte) {
  if (take_sequence(byte)) return;
  switch (byte) {
    case '\r':
    case '\n':
      return finish();
    case backspace:
    case rubout:
      if (!line_.empty()) outputs_.echo("\b \b");
      if (!line_.empty()) line_.pop_back();
      return;
    case ctrl_u:
      return replace("");
    case ctrl_c:
      outputs_.echo("^C\n");
      line_.clear();
      return show();
    case ctrl_d:
      if (line_.empty()) outputs_.left();
      return;
    case ctrl_p:
      return recall(-1);
    case ctrl_n:
      return recall(1);
    default:
      if (byte < ' ' || line_.size() >= max_bytes) return;
      line_ += static_cast<char>(byte);
      outputs_.echo(std::string_view(line_).substr(line_.size() - 1));
  }
}

// Arrow keys: ESC [ A and ESC [ B. Other sequences are swallowed whole.
bool LineEditor::take_sequence(std::uint8_t byte) {
  if (sequence_.empty() && byte != escape) return false;
  sequence_ += static_cast<char>(byte);
  if (sequence_.size() == 2 && byte != '[' && byte != 'O') sequence_.clear();
  if (sequence_.size() < 3 || byte < '@' || byte > '~') return true;
  if (byte == 'A') recall(-1);
  if (byte == 'B') recall(1);
  sequence_.clear();
  return true;
}

void LineEditor::finish() {
  outputs_.echo("\n");
  const std::string line = std::exchange(line_, {});
  if (!line.empty() && (history_.empty() || history_.back() != line)) history_.push_back(line);
  if (history_.size() > max_lines) history_.erase(history_.begin());
  recalled_ = history_.size();
  outputs_.done(line);
}

void LineEditor::replace(std::string line) {
  std::string text;
  for (std::size_t i = 0; i < line_.size(); ++i) text += "\b \b";
  line_ = std::move(line);
  outputs_.echo(text + line_);
}

void LineEditor::recall(int step) {
  const auto wanted = static_cast<std::ptrdiff_t>(recalled_) + step;
  if (wanted < 0 || wanted > static_cast<std::ptrdiff_t>(history_.size())) return;
  recalled_ = static_cast<std::size_t>(wanted);
  replace(recalled_ == history_.size() ? "" : history_[recalled_]);
}

}  // namespace gdbvm

// A line being typed on a raw terminal: echo, corrections, and the lines before it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gdbvm {

class LineEditor final {
 public:
  // `echo` gets what the terminal should show; `done` each line without its end; `left` is called at Ctrl-D on an empty
  // line.
  struct Outputs {
    std::function<void(std::string_view)> echo;
    std::function<void(std::string_view line)> done;
    std::function<void()> left;
  };
  LineEditor(std::string prompt, Outputs outputs) : prompt_(std::move(prompt)), outputs_(std::move(outputs)) {}

  // Shows the prompt and what has been typed after it.
  void show();
  void feed(std::span<const std::uint8_t> typed);

 private:
  static constexpr std::size_t max_bytes = 4096, max_lines = 1000;

  void take(std::uint8_t byte);
  bool take_sequence(std::uint8_t byte);
  void finish();
  void replace(std::string line);
  void recall(int step);

  const std::string prompt_;
  const Outputs outputs_;
  std::string line_;
  std::string sequence_;  // of an escape sequence so far
  std::vector<std::string> history_;
  std::size_t recalled_ = 0;  // place in history_; its size: the new line
};

}  // namespace gdbvm

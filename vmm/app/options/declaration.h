// How an option group declares an option to CLI11: its names, what --help says, and what its value does, in one place.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace gdbvm::options {

// A value that makes no sense, or options that contradict each other. The command line is refused with the sentence.
[[noreturn]] inline void reject(const std::string& sentence) { throw CLI::ValidationError(sentence); }

// One heading of --help. Options are listed in the order in which they are added.
class Group final {
 public:
  Group(CLI::App& app, std::string heading) : app_(app), heading_(std::move(heading)) {}

  // Any text; `apply` may reject it.
  CLI::Option* add(const std::string& names, const char* placeholder, const char* help,
                   const std::function<void(const std::string& text)>& apply) {
    return place(app_.add_option_function<std::string>(names, apply, help), placeholder);
  }
  // May be given several times, each time with one value.
  CLI::Option* add_repeatable(const std::string& names, const char* placeholder, const char* help,
                              const std::function<void(const std::vector<std::string>& texts)>& apply) {
    return place(app_.add_option_function<std::vector<std::string>>(names, apply, help), placeholder)
        ->allow_extra_args(false);
  }
  // One of a few words; `into` gets what the word stands for.
  template <class T, class Into>
  CLI::Option* add_choice(const std::string& names, const char* placeholder, const char* help, Into& into,
                          const std::vector<std::pair<std::string, T>>& choices) {
    std::vector<std::string> words;
    for (const auto& choice : choices) words.push_back(choice.first);
    const auto apply = [&into, choices](const std::string& word) {
      for (const auto& choice : choices) {
        if (choice.first == word) into = choice.second;
      }
    };
    return add(names, placeholder, help, apply)->check(CLI::IsMember(std::move(words)));
  }
  CLI::Option* add_flag(const std::string& names, bool& into, const char* help) {
    return app_.add_flag(names, into, help)->group(heading_);
  }
  CLI::Option* place(CLI::Option* option, const char* placeholder) const {
    return option->group(heading_)->option_text(placeholder);
  }

 private:
  CLI::App& app_;
  const std::string heading_;
};

}  // namespace gdbvm::options

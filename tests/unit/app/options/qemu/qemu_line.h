// Translates a command line of QEMU's, for tests: gdbvm's words, or the sentence, in one string.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "vmm/app/options/qemu/translate.h"

namespace gdbvm::qemu {

inline OwnOption own_for_tests(const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const bool is_flag = name == "--run" || name == "--no-reboot" || name == "-h";
  if (is_flag || (name != word && name.starts_with("--"))) return OwnOption::Flag;
  for (const char* option : {"--gdb", "--serial", "--memory", "--append", "--bios", "--restore", "--symbols"}) {
    if (word == option) return OwnOption::WithValue;
  }
  return OwnOption::None;
}

// With what every line gets, unless the line says otherwise.
inline std::string whole(const Arguments& arguments, bool has_command = false) {
  try {
    std::string text;
    for (const std::string& word : translate(arguments, {own_for_tests, has_command})) {
      text += (text.empty() ? "" : " ") + word;
    }
    return text;
  } catch (const CLI::ValidationError& refusal) {
    return refusal.what();
  }
}

// Without it: what these arguments add to `-kernel k`.
inline std::string added(Arguments arguments) {
  arguments.insert(arguments.begin(), {"-kernel", "k"});
  std::string text = whole(arguments);
  for (const char* usual : {"--memory=128M", "--run", "--gdb=none", "--serial=stdio", "k"}) {
    const std::string padded = " " + text + " ", wanted = std::string(" ") + usual + " ";
    if (const auto at = padded.find(wanted); at != padded.npos) {
      text = padded.substr(0, at) + " " + padded.substr(at + wanted.size());
      text.erase(0, text.find_first_not_of(' '));
      text.erase(text.find_last_not_of(' ') + 1);
    }
  }
  return text;
}

}  // namespace gdbvm::qemu

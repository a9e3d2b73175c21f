// Splits the line into options with their values, and puts together what they ask for.
#include "vmm/app/options/qemu/translate.h"

#include <algorithm>

#include <fmt/format.h>

#include "vmm/app/options/declaration.h"
#include "vmm/app/options/qemu/options.h"

namespace gdbvm::qemu {

namespace {

using options::reject;

struct Token {
  const Option* option;  // nullptr: gdbvm's, or a word by itself
  std::string word, value;
  bool has_value = false;
};

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

// "-m512", "-sS": as CLI11 takes options of one letter.
bool is_short(const std::string& word) {
  if (word[1] == '-') return false;
  if (word.size() == 2) return true;
  const auto rest = word.substr(1);
  if (word[1] == 'm') return rest.find_first_of("0123456789") == 1;
  return rest.find_first_not_of("sS") == rest.npos;
}

// QEMU's options may have two dashes as well, unless gdbvm has one of that name.
const Option* option_of(const std::string& word, OwnOption own) {
  if (!is_option(word)) return nullptr;
  if (word[1] != '-') return find_option(word.substr(1));
  return own == OwnOption::None ? find_option(word.substr(2)) : nullptr;
}

std::vector<Token> tokens_of(const Arguments& arguments, const Surroundings& surroundings) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const OwnOption own = is_option(word) ? surroundings.own(word) : OwnOption::None;
    Token token{.option = option_of(word, own), .word = word, .value = {}};
    if (is_option(word) && !token.option && own == OwnOption::None && !is_short(word)) {
      reject(fmt::format("{} is not an option, neither gdbvm's nor one of QEMU's that it knows", word));
    }
    token.has_value = token.option ? token.option->has_value : own == OwnOption::WithValue;
    if (token.has_value && i + 1 == arguments.size()) reject(fmt::format("{} needs a value", word));
    if (token.has_value) token.value = arguments[++i];
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// What gdbvm's own words say already.
bool says(const Arguments& own, std::string_view option) {
  return std::ranges::any_of(own, [&](const std::string& word) {
    return word == option || (word.starts_with(option) && word.substr(option.size()).starts_with('='));
  });
}

void apply(Line& line, const Token& token) {
  const Option& option = *token.option;
  if (option.verdict == Verdict::Refused) reject(fmt::format("{}: {}", token.word, option.reason));
  if (option.verdict == Verdict::Works) option.apply(line, token.value);
}

bool is_repeatable(std::string_view option) { return option == "--initrd" || option == "--trace"; }

// The last one counts, as in QEMU, unless gdbvm's own words say it.
void add(Arguments& words, const Arguments& own, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (is_repeatable(name)) return words.push_back(word);
  if (says(own, name)) return;
  std::erase_if(words, [&](const std::string& before) { return before.substr(0, before.find('=')) == name; });
  words.push_back(word);
}

// What the line means as a whole, with what QEMU does where it says nothing.
void add_whole(Arguments& words, const Arguments& own, const Line& line, const Surroundings& surroundings) {
  if (!line.memory_given) add(words, own, "--memory=128M");
  if (line.wait) add(words, own, "-S");
  if (!line.wait) add(words, own, "--run");
  if (!line.gdb.empty()) add(words, own, "--gdb=" + line.gdb);
  if (line.gdb.empty() && !surroundings.has_command) add(words, own, "--gdb=none");
  for (const std::string& word : stream_words(line)) add(words, own, word);
}

}  // namespace

Arguments translate(const Arguments& arguments, const Surroundings& surroundings) {
  const std::vector<Token> tokens = tokens_of(arguments, surroundings);
  if (std::ranges::none_of(tokens, [](const Token& t) { return t.option && !t.option->is_shared; })) return arguments;
  Line line;
  Arguments own, words, images;
  for (const Token& token : tokens) {
    if (token.option) {
      apply(line, token);
    } else if (!is_option(token.word)) {
      images.push_back(token.word);
    } else {
      own.push_back(token.word);
      if (token.has_value) own.push_back(token.value);
    }
  }
  // QEMU's lone word is its first disk, and gdbvm's is what it boots.
  if (!line.kernel.empty()) {
    for (const std::string& image : images) apply_hard_disk(line, 0, image);
    images = {line.kernel};
  }
  for (const std::string& word : line.words) add(words, own, word);
  add_whole(words, own, line, surroundings);
  for (const auto& more : {own, disk_words(line), images}) words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace gdbvm::qemu

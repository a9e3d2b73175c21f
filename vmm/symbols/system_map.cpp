// Splits lines into words, and says which line is wrong.
#include "vmm/symbols/system_map.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "vmm/host/parse_number.h"

namespace gdbvm::symbols {

namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '?'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

std::string_view take_word(std::string_view& line) {
  const auto* const begin = std::ranges::find_if_not(line, is_blank);
  const auto* const end = std::find_if(begin, line.end(), is_blank);
  const std::string_view word(begin, end);
  line = {end, line.end()};
  return word;
}

std::unexpected<std::string> no_symbol(std::size_t number, std::string_view line) {
  constexpr std::size_t shown = 100;
  std::string text(line.substr(0, shown));
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return std::unexpected(fmt::format("line {} is not a symbol: '{}'", number, text));
}

enum class Line { Symbol, Module, Bad };
Line parse_line(std::string_view line, Symbol& symbol) {
  const std::string_view address = take_word(line), kind = take_word(line);
  symbol.name = take_word(line);
  const std::string_view module = take_word(line);
  const auto number = parse_digits(address, 16);
  if (!number || kind.size() != 1 || !is_letter(kind[0]) || symbol.name.empty()) return Line::Bad;
  if (std::ranges::any_of(symbol.name, is_control)) return Line::Bad;
  symbol.address = *number;
  symbol.kind = kind[0];
  if (module.empty()) return Line::Symbol;
  return module.front() == '[' && module.back() == ']' && take_word(line).empty() ? Line::Module : Line::Bad;
}

}  // namespace

std::expected<std::vector<Symbol>, std::string> parse_system_map(std::string_view text) {
  std::vector<Symbol> symbols;
  bool any_address = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::ranges::all_of(line, is_blank)) continue;
    Symbol symbol{};
    const Line found = parse_line(line, symbol);
    if (found == Line::Bad) return no_symbol(number, line);
    any_address |= symbol.address != 0;
    if (found == Line::Symbol) symbols.push_back(symbol);
  }
  if (symbols.empty()) return std::unexpected("it has no symbols");
  if (!any_address)
    return std::unexpected("all its addresses are zero, which is what /proc/kallsyms shows unless read by root");
  return symbols;
}

bool slides_with_kernel(const Symbol& symbol) {
  constexpr std::uint64_t max_per_cpu_data = 1 << 20;
  return symbol.kind != 'A' && symbol.kind != 'a' && symbol.address >= max_per_cpu_data;
}

}  // namespace gdbvm::symbols

// What the values of options mean.
#include "vmm/app/option_values.h"

#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {

template <class... T>
std::unexpected<std::string> error(fmt::format_string<T...> format, T&&... arguments) {
  return std::unexpected(fmt::format(format, std::forward<T>(arguments)...));
}

}  // namespace

std::expected<std::uint64_t, std::string> parse_memory_size(std::string_view text) {
  constexpr std::uint64_t most = std::uint64_t{4} << 40;
  constexpr std::string_view units = "KMGT";
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view suffix(end, text.data() + text.size());
  unsigned shift = 20;
  if (suffix.size() == 1) {
    const auto unit = units.find(static_cast<char>(std::toupper(static_cast<unsigned char>(suffix[0]))));
    if (unit != units.npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      suffix = {};
    }
  }
  if (code == std::errc::invalid_argument || !suffix.empty()) {
    return error("--memory: '{}' is not a size such as 256M", text);
  }
  if (code != std::errc{} || number > most >> shift) return error("--memory: {} is more than 4T", text);
  const std::uint64_t size = number << shift;
  if (size == 0 || size % page_size != 0) return error("--memory: {} is not a positive multiple of 4K", text);
  return size;
}

std::expected<Gpa, std::string> parse_load_address(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = hex ? text.substr(2) : text;
  Gpa address;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), address.value, hex ? 16 : 10);
  if (code != std::errc{} || end != digits.data() + digits.size()) return error("--load: '{}' is not an address", text);
  return address;
}

std::expected<std::vector<Disk>, std::string> parse_disks(std::span<const std::string> texts) {
  constexpr std::size_t most = x86::wiring::virtio_most - 1;  // beside the source of entropy
  constexpr std::string_view read_only = ",ro";
  if (texts.size() > most) return error("--disk: {} are more than the {} that a machine has", texts.size(), most);
  std::vector<Disk> disks;
  for (const std::string& text : texts) {
    const bool marked = text.ends_with(read_only);
    disks.push_back({text.substr(0, text.size() - (marked ? read_only.size() : 0)), marked});
  }
  return disks;
}

}  // namespace gdbvm

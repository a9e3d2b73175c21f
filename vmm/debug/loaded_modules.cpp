// Walks the kernel's list of modules. Nothing there can be trusted: the guest may be in the midst of changing it.
#include "vmm/debug/loaded_modules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace gdbvm {

namespace {

constexpr std::size_t most_modules = 1000, most_sections = 200;  // a distribution's kernel has some 100, and 50 each
constexpr std::size_t longest_name = 128;
constexpr std::uint32_t unformed = 3;  // MODULE_STATE_UNFORMED

template <class T>
std::optional<T> load(const ReadGuest& read, Gva at) {
  T value{};
  if (!read(at, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

// Byte by byte where a page behind its end may be missing.
std::string text(const ReadGuest& read, Gva at, std::size_t most) {
  std::string found;
  while (found.size() < most) {
    const auto c = load<char>(read, at + found.size());
    if (!c || *c == '\0') break;
    found.push_back(*c);
  }
  return found;
}

class Sections final {
 public:
  Sections(const symbols::ModuleLayout& layout, const ReadGuest& read) : layout_(layout), read_(read) {}

  std::map<std::string, Gva> of(Gva module) {
    const auto all = load<std::uint64_t>(read_, module + layout_.sections);
    if (!all || *all == 0) return {};
    layout_.listed ? take_list(Gva{*all}) : take_array(Gva{*all});
    return std::move(found_);
  }

 private:
  void take_array(Gva all) {
    const auto count = load<std::uint32_t>(read_, all + layout_.section_count);
    const std::size_t taken = std::min<std::size_t>(count.value_or(0), most_sections);
    for (std::size_t i = 0; i < taken; ++i) take(all + layout_.first_section + i * layout_.section_size);
  }
  void take_list(Gva all) {
    const auto entries = load<std::uint64_t>(read_, all + layout_.section_count);
    for (std::size_t i = 0; entries && i < most_sections; ++i) {
      const auto entry = load<std::uint64_t>(read_, Gva{*entries} + i * sizeof(std::uint64_t));
      if (!entry || *entry == 0) return;
      take(Gva{*entry});
    }
  }
  void take(Gva entry) {
    const auto name = load<std::uint64_t>(read_, entry + layout_.section_name);
    const auto address = load<std::uint64_t>(read_, entry + layout_.section_address);
    if (name && address) found_.emplace(text(read_, Gva{*name}, longest_name), Gva{*address});
  }

  const symbols::ModuleLayout& layout_;
  const ReadGuest& read_;
  std::map<std::string, Gva> found_;
};

}  // namespace

std::optional<std::vector<LoadedModule>> loaded_modules(const symbols::ModuleLayout& layout, Gva list,
                                                        const ReadGuest& read) {
  std::vector<LoadedModule> modules;
  std::set<std::uint64_t> seen{list.value};
  auto next = load<std::uint64_t>(read, list);
  if (!next) return std::nullopt;
  for (; next && seen.insert(*next).second && seen.size() <= most_modules; next = load<std::uint64_t>(read, {*next})) {
    const Gva module{*next - layout.list};
    const auto state = load<std::uint32_t>(read, module + layout.state);
    std::string name = text(read, module + layout.name, std::min<std::size_t>(layout.name_size, longest_name));
    if (!state || *state == unformed || name.empty()) continue;
    modules.push_back({std::move(name), Sections(layout, read).of(module)});
  }
  return modules;
}

}  // namespace gdbvm

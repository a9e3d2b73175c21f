// Walks the kernel's list of modules. Nothing there can be trusted: the guest may be changing it.
#include "vmm/debug/linux/loaded_modules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace gdbvm {

namespace {

constexpr std::size_t max_modules = 1000, max_sections = 200;  // a distribution's kernel has some 100, and 50 each
constexpr std::size_t max_sections_in_all = 20'000;
constexpr std::size_t max_name = 128;
constexpr std::uint32_t unformed = 3;  // MODULE_STATE_UNFORMED

template <class T>
std::optional<T> load(const ReadGuest& read, Gva at) {
  T value{};
  if (!read(at, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

// Page by page, as the page after its end may be missing.
std::string text(const ReadGuest& read, Gva at, std::size_t max) {
  std::string found;
  while (found.size() < max) {
    const Gva from = at + found.size();
    std::string more(std::min<std::size_t>(max - found.size(), page_size - from.page_offset()), '\0');
    if (!read(from, {reinterpret_cast<std::uint8_t*>(more.data()), more.size()})) break;
    const std::size_t end = more.find('\0');
    found += more.substr(0, end);
    if (end != std::string::npos) break;
  }
  return found;
}

class Sections final {
 public:
  // Of all modules together.
  Sections(const symbols::ModuleLayout& layout, const ReadGuest& read) : layout_(layout), read_(read) {}

  std::map<std::string, Gva> of(Gva module) {
    const auto all = load<std::uint64_t>(read_, module + layout_.sections);
    if (!all || *all == 0) return {};
    layout_.listed ? take_list(Gva{*all}) : take_array(Gva{*all});
    return std::exchange(found_, {});
  }

 private:
  void take_array(Gva all) {
    const auto count = load<std::uint32_t>(read_, all + layout_.section_count);
    const std::size_t taken = std::min<std::size_t>(count.value_or(0), max_sections);
    for (std::size_t i = 0; i < taken; ++i) take(all + layout_.first_section + i * layout_.section_size);
  }
  void take_list(Gva all) {
    const auto entries = load<std::uint64_t>(read_, all + layout_.section_count);
    for (std::size_t i = 0; entries && i < max_sections && left_ > 0; ++i) {
      const auto entry = load<std::uint64_t>(read_, Gva{*entries} + i * sizeof(std::uint64_t));
      if (!entry || *entry == 0) return;
      take(Gva{*entry});
    }
  }
  void take(Gva entry) {
    if (left_ == 0) return;
    --left_;
    const auto name = load<std::uint64_t>(read_, entry + layout_.section_name);
    const auto address = load<std::uint64_t>(read_, entry + layout_.section_address);
    if (name && address) found_.emplace(text(read_, Gva{*name}, max_name), Gva{*address});
  }

  const symbols::ModuleLayout& layout_;
  const ReadGuest& read_;
  std::map<std::string, Gva> found_;
  std::size_t left_ = max_sections_in_all;
};

}  // namespace

std::optional<std::vector<LoadedModule>> loaded_modules(const symbols::ModuleLayout& layout, Gva list,
                                                        const ReadGuest& read,
                                                        const std::function<bool(const std::string& name)>& wanted) {
  std::vector<LoadedModule> modules;
  Sections sections(layout, read);
  std::set<std::uint64_t> seen{list.value};
  auto next = load<std::uint64_t>(read, list);
  if (!next) return std::nullopt;
  for (; next && seen.insert(*next).second && seen.size() <= max_modules; next = load<std::uint64_t>(read, {*next})) {
    const Gva module{*next - layout.list};
    const auto state = load<std::uint32_t>(read, module + layout.state);
    const std::string name = text(read, module + layout.name, std::min<std::size_t>(layout.name_size, max_name));
    if (!state || *state == unformed || name.empty()) continue;
    modules.push_back({name, wanted(name) ? sections.of(module) : std::map<std::string, Gva>{}});
  }
  return modules;
}

}  // namespace gdbvm

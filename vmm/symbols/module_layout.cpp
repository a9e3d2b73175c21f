// Asks the kernel's BTF for each member, by all the names that it has had.
#include "vmm/symbols/module_layout.h"

#include <fmt/format.h>

namespace gdbvm::symbols {

namespace {

// Looks members up and remembers the first that is missing.
class Members final {
 public:
  explicit Members(const Btf& btf) : btf_(btf) {}

  std::uint32_t of(const char* name) {
    const auto found = btf_.find_struct(name);
    if (!found) miss(fmt::format("struct {}", name));
    return found.value_or(0);
  }
  Btf::Member get(std::uint32_t type, const char* path) {
    const auto found = btf_.member(type, path);
    if (!found) miss(path);
    return found.value_or(Btf::Member{});
  }
  std::uint64_t size(std::uint32_t type, const char* what) {
    const auto found = btf_.size_of(type);
    if (!found) miss(fmt::format("the size of {}", what));
    return found.value_or(0);
  }
  std::uint32_t element(std::uint32_t type, const char* what) {
    const auto found = btf_.element_of(type);
    if (!found) miss(fmt::format("what {} has", what));
    return found.value_or(0);
  }
  bool has(std::uint32_t type, const char* path) const { return btf_.member(type, path).has_value(); }
  const std::string& missing() const { return missing_; }

 private:
  void miss(std::string what) {
    if (missing_.empty()) missing_ = std::move(what);
  }
  const Btf& btf_;
  std::string missing_;
};

}  // namespace

std::expected<ModuleLayout, std::string> module_layout(const Btf& btf) {
  Members members(btf);
  ModuleLayout layout{};
  const std::uint32_t module = members.of("module");
  layout.list = members.get(module, "list.next").offset;
  layout.state = members.get(module, "state").offset;
  const Btf::Member name = members.get(module, "name");
  layout.name = name.offset;
  layout.name_size = members.size(name.type, "name");
  layout.sections = members.get(module, "sect_attrs").offset;

  const std::uint32_t sections = members.of("module_sect_attrs");
  layout.listed = !members.has(sections, "nsections");
  layout.section_count = members.get(sections, layout.listed ? "grp.bin_attrs" : "nsections").offset;
  const Btf::Member first = members.get(sections, "attrs");
  layout.first_section = first.offset;
  const std::uint32_t section = members.element(first.type, "attrs");
  layout.section_size = members.size(section, "a section");
  // Before 5.8 the name had a place of its own; since 6.14 the entry is the attribute itself.
  const char* const name_path = members.has(section, "name")              ? "name"
                                : members.has(section, "battr.attr.name") ? "battr.attr.name"
                                                                          : "attr.name";
  layout.section_name = members.get(section, name_path).offset;
  layout.section_address = members.get(section, members.has(section, "address") ? "address" : "private").offset;
  if (!members.missing().empty()) return std::unexpected(fmt::format("the kernel's BTF lacks {}", members.missing()));
  return layout;
}

}  // namespace gdbvm::symbols

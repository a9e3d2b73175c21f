// BTF made by hand: types are numbered from 1 in the order in which they are added.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

namespace gdbvm::symbols {

class BtfMaker final {
 public:
  struct Member {
    const char* name;
    std::uint32_t type;
    std::uint32_t offset;  // bytes
  };

  std::uint32_t integer(const char* name, std::uint32_t size) { return add(name, 1, 0, size, {size * 8}); }
  std::uint32_t pointer(std::uint32_t to) { return add("", 2, 0, to, {}); }
  std::uint32_t array(std::uint32_t of, std::uint32_t count) { return add("", 3, 0, 0, {of, 1, count}); }
  std::uint32_t structure(const char* name, std::uint32_t size, std::initializer_list<Member> members) {
    return composite(4, name, size, members);
  }
  std::uint32_t union_of(const char* name, std::uint32_t size, std::initializer_list<Member> members) {
    return composite(5, name, size, members);
  }
  std::uint32_t type_definition(const char* name, std::uint32_t of) { return add(name, 8, 0, of, {}); }
  std::uint32_t constant(std::uint32_t of) { return add("", 10, 0, of, {}); }
  // Any kind; `info` has the number of members in its low half.
  std::uint32_t add(const char* name, std::uint32_t kind, std::uint32_t info, std::uint32_t size,
                    std::initializer_list<std::uint32_t> more) {
    types_.insert(types_.end(), {string(name), kind << 24 | info, size});
    types_.insert(types_.end(), more);
    return ++count_;
  }
  std::uint32_t string(const std::string& text) {
    const auto at = static_cast<std::uint32_t>(strings_.size());
    strings_.append(text).push_back('\0');
    return text.empty() ? 0 : at;
  }
  std::vector<std::uint8_t> bytes() const {
    const auto types_size = static_cast<std::uint32_t>(types_.size() * 4);
    const std::uint32_t header[] = {0x0001eb9f, 24,         0,
                                    types_size, types_size, static_cast<std::uint32_t>(strings_.size())};
    std::vector<std::uint8_t> all(sizeof header + types_size + strings_.size());
    std::memcpy(all.data(), header, sizeof header);
    std::memcpy(all.data() + sizeof header, types_.data(), types_size);
    std::memcpy(all.data() + sizeof header + types_size, strings_.data(), strings_.size());
    return all;
  }

 private:
  std::uint32_t composite(std::uint32_t kind, const char* name, std::uint32_t size,
                          std::initializer_list<Member> members) {
    const std::uint32_t number = add(name, kind, static_cast<std::uint32_t>(members.size()), size, {});
    for (const Member& member : members)
      types_.insert(types_.end(), {string(member.name), member.type, member.offset * 8});
    return number;
  }

  std::vector<std::uint32_t> types_;
  std::string strings_{'\0'};
  std::uint32_t count_ = 0;
};

// The types of kernels before 6.14 (module_sect_attrs with a count) and since, at made-up offsets.
enum class KernelAge { Counted, Listed };
inline std::vector<std::uint8_t> module_types(KernelAge age) {
  BtfMaker m;
  const auto number = m.integer("unsigned int", 4), character = m.integer("char", 1);
  const auto name = m.pointer(m.constant(character)), any = m.pointer(0);
  const auto list_head = m.structure("list_head", 16, {{"next", any, 0}, {"prev", any, 8}});
  const auto attribute = m.structure("attribute", 16, {{"name", name, 0}, {"mode", number, 8}});
  const auto binary = m.structure("bin_attribute", 40, {{"attr", attribute, 0}, {"private", any, 24}});
  const auto lists = m.union_of("", 8, {{"bin_attrs", any, 0}, {"bin_attrs_new", any, 0}});
  const auto group = m.structure("attribute_group", 32, {{"name", name, 0}, {"", lists, 24}});
  std::uint32_t sections = 0;
  if (age == KernelAge::Counted) {
    const auto section = m.structure("module_sect_attr", 48, {{"battr", binary, 0}, {"address", any, 40}});
    sections = m.structure("module_sect_attrs", 40,
                           {{"grp", group, 0}, {"nsections", number, 32}, {"attrs", m.array(section, 0), 40}});
  } else {
    sections = m.structure("module_sect_attrs", 32, {{"grp", group, 0}, {"attrs", m.array(binary, 0), 32}});
  }
  m.structure("module", 256,
              {{"state", number, 0},
               {"list", list_head, 8},
               {"name", m.array(character, 56), 24},
               {"sect_attrs", m.pointer(sections), 200}});
  return m.bytes();
}

}  // namespace gdbvm::symbols

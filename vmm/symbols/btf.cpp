// Reads BTF: one pass over the types finds where each begins, the rest is looked up.
#include "vmm/symbols/btf.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gdbvm::symbols {

namespace {

constexpr std::uint64_t header_size = 24, type_size = 12, member_size = 12;
constexpr unsigned deepest = 32;  // typedefs of typedefs, members of members: the kernel has a handful
constexpr unsigned max_members = 100'000;

enum Kind : std::uint8_t {
  Void,
  Integer,
  Pointer,
  Array,
  Struct,
  Union,
  Enumeration,
  Forward,
  Typedef,
  Volatile,
  Const,
  Restrict,
  Function,
  Prototype,
  Variable,
  DataSection,
  Float,
  DeclarationTag,
  TypeTag,
  Enumeration64
};

// Bytes that follow a type's head: some once, some for each of its `count`. By kind.
struct Trailer {
  std::uint8_t once, each;
};
constexpr std::array<Trailer, Enumeration64 + 1> trailer{{{0, 0}, {4, 0},  {0, 0}, {12, 0}, {0, 12}, {0, 12}, {0, 8},
                                                          {0, 0}, {0, 0},  {0, 0}, {0, 0},  {0, 0},  {0, 0},  {0, 8},
                                                          {4, 0}, {0, 12}, {0, 0}, {4, 0},  {0, 0},  {0, 12}}};

}  // namespace

std::expected<Btf, std::string> Btf::parse(std::vector<std::uint8_t> bytes) {
  Btf btf(std::move(bytes));
  const std::uint64_t size = btf.bytes_.size();
  std::uint16_t begins_with = 0;
  if (size < header_size || size > UINT32_MAX) return std::unexpected("its size is not that of BTF");
  std::memcpy(&begins_with, btf.bytes_.data(), sizeof begins_with);
  if (begins_with != magic) return std::unexpected("it does not begin as BTF does");
  const std::uint64_t data = btf.word(4);
  const std::uint64_t types = data + btf.word(8), types_end = types + btf.word(12);
  btf.strings_begin_ = data + btf.word(16);
  btf.strings_end_ = btf.strings_begin_ + btf.word(20);
  if (types_end > size || btf.strings_end_ > size) return std::unexpected("BTF's types or names lie outside of it");
  if (!btf.index_types(types, types_end)) return std::unexpected("BTF has a type of a kind that gdbvm does not know");
  return btf;
}

bool Btf::index_types(std::uint64_t at, std::uint64_t end) {
  types_.push_back({});
  while (end - at >= type_size) {
    const std::uint32_t info = word(at + 4);
    const auto kind = static_cast<std::uint8_t>(info >> 24 & 0x1f);
    const auto count = static_cast<std::uint16_t>(info);
    if (kind == Void || kind >= trailer.size()) return false;
    const std::uint64_t more = at + type_size;
    const std::uint64_t length = trailer[kind].once + std::uint64_t{trailer[kind].each} * count;
    if (length > end - more) return false;
    types_.push_back({word(at), kind, (info >> 31) != 0, count, word(at + 8), static_cast<std::uint32_t>(more)});
    at = more + length;
  }
  return at == end;
}

std::uint32_t Btf::word(std::uint64_t at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes_.data() + at, sizeof value);
  return value;
}

// Looks no further than `wanted` is long: hostile names have no end, and there may be millions of them.
bool Btf::has_name(std::uint32_t at, std::string_view wanted) const {
  const std::uint64_t size = strings_end_ - strings_begin_;
  if (at >= size || wanted.size() >= size - at) return false;
  const std::uint8_t* const text = bytes_.data() + strings_begin_ + at;
  return std::memcmp(text, wanted.data(), wanted.size()) == 0 && text[wanted.size()] == '\0';
}

std::optional<std::uint32_t> Btf::find_struct(std::string_view wanted) const {
  const auto found = std::ranges::find_if(
      types_, [&](const Type& type) { return type.kind == Struct && has_name(type.name, wanted); });
  if (found == types_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - types_.begin());
}

// The type that typedefs and qualifiers lead to.
std::optional<std::uint32_t> Btf::bare(std::uint32_t type) const {
  for (unsigned depth = 0; depth < deepest && type < types_.size(); ++depth) {
    const std::uint8_t kind = types_[type].kind;
    const bool names_another = (kind >= Typedef && kind <= Restrict) || kind == TypeTag;
    if (!names_another) return type;
    type = types_[type].size_or_type;
  }
  return std::nullopt;
}

std::optional<Btf::Member> Btf::direct_member(std::uint32_t type, Search& search) const {
  const auto owner = bare(type);
  if (!owner || search.deeper == 0) return std::nullopt;
  const Type& all = types_[*owner];
  if (all.kind != Struct && all.kind != Union) return std::nullopt;
  for (unsigned i = 0; i < all.count && search.members > 0; ++i) {
    --search.members;
    const std::uint64_t at = all.more + i * member_size;
    const std::uint32_t bits = all.bit_offsets ? word(at + 8) & 0xffffff : word(at + 8);
    const bool bit_field = (all.bit_offsets && word(at + 8) >> 24 != 0) || bits % 8 != 0;
    if (has_name(word(at), search.name) && !bit_field) return Member{bits / 8, word(at + 4)};
    if (!has_name(word(at), "")) continue;
    --search.deeper;
    if (const auto inner = direct_member(word(at + 4), search)) return Member{bits / 8 + inner->offset, inner->type};
    ++search.deeper;
  }
  return std::nullopt;
}

std::optional<Btf::Member> Btf::member(std::uint32_t type, std::string_view path) const {
  Member at{0, type};
  while (true) {
    const std::string_view first = path.substr(0, path.find('.'));
    Search search{first, deepest, max_members};
    const auto next = first.empty() ? std::nullopt : direct_member(at.type, search);
    if (!next) return std::nullopt;
    at = {at.offset + next->offset, next->type};
    if (first.size() == path.size()) return at;
    path.remove_prefix(first.size() + 1);
  }
}

std::optional<std::uint64_t> Btf::size_of(std::uint32_t type) const {
  std::uint64_t elements = 1;
  for (unsigned depth = 0; depth < deepest; ++depth) {
    const auto found = bare(type);
    if (!found) return std::nullopt;
    const Type& its = types_[*found];
    switch (its.kind) {
      case Pointer:
        return elements * 8;
      case Integer:
      case Struct:
      case Union:
      case Enumeration:
      case Enumeration64:
      case Float:
        return elements * its.size_or_type;
      case Array:
        if (word(its.more + 8) > UINT32_MAX / std::max<std::uint64_t>(elements, 1)) return std::nullopt;
        elements *= word(its.more + 8);
        type = word(its.more);
        break;
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Btf::element_of(std::uint32_t type) const {
  const auto found = bare(type);
  if (!found) return std::nullopt;
  const Type& its = types_[*found];
  if (its.kind == Array) return word(its.more);
  if (its.kind == Pointer) return its.size_or_type;
  return std::nullopt;
}

}  // namespace gdbvm::symbols

// BTF, the kernel's own description of its types (Documentation/bpf/btf.rst): structs, and where their members lie.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gdbvm::symbols {

// Any bytes may be given: what does not fit together is refused, or is not found. Never looks beyond the bytes, and
// what it does takes time in proportion to them.
class Btf final {
 public:
  struct Member {
    std::uint64_t offset;  // bytes
    std::uint32_t type;
  };

  static constexpr std::uint16_t magic = 0xeb9f;  // what it begins with

  // The error is a sentence without a full stop.
  static std::expected<Btf, std::string> parse(std::vector<std::uint8_t> bytes);

  // The first struct of that name.
  std::optional<std::uint32_t> find_struct(std::string_view name) const;
  // `path`: a member's name, or several with dots between them, each but the last a struct's or union's. Members of
  // members without a name belong to whom these do. Bit fields are not found.
  std::optional<Member> member(std::uint32_t type, std::string_view path) const;
  // Bytes of an integer, pointer, array, struct, union or enumeration, looking through typedefs and qualifiers.
  std::optional<std::uint64_t> size_of(std::uint32_t type) const;
  // What an array's elements, and what a pointer points to.
  std::optional<std::uint32_t> element_of(std::uint32_t type) const;

 private:
  struct Type {
    std::uint32_t name;  // in the strings
    std::uint8_t kind;
    bool bit_offsets;            // of a struct: the members' offsets have the width of a bit field in them
    std::uint16_t count;         // of members
    std::uint32_t size_or_type;  // by kind
    std::uint32_t more;          // in the bytes: what follows the type
  };

  explicit Btf(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  bool index_types(std::uint64_t begin, std::uint64_t end);
  std::uint32_t word(std::uint64_t at) const;
  bool has_name(std::uint32_t at, std::string_view wanted) const;
  std::optional<std::uint32_t> bare(std::uint32_t type) const;
  struct Search {
    std::string_view name;
    unsigned deeper, members;  // how far it may still go: a struct may have itself for a member in hostile bytes
  };
  std::optional<Member> direct_member(std::uint32_t type, Search& search) const;

  std::vector<std::uint8_t> bytes_;
  std::uint64_t strings_begin_ = 0, strings_end_ = 0;
  std::vector<Type> types_;  // by number; 0 is void
};

}  // namespace gdbvm::symbols

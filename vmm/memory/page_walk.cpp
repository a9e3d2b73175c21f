// The walk, one level a turn.
#include "vmm/memory/page_walk.h"

#include <cstring>
#include <optional>

namespace gdbvm {

namespace {

std::optional<std::uint64_t> read_entry(const GuestMemory& memory, Gpa address, unsigned size) {
  const std::byte* host = memory.at(address, size);
  if (!host) return std::nullopt;
  std::uint64_t entry = 0;
  std::memcpy(&entry, host, size);
  return entry;
}

}  // namespace

std::expected<Translation, TranslationError> translate(const GuestMemory& memory, const x86::SystemRegisters& system,
                                                       Gva address) {
  using Kind = TranslationError::Kind;
  const paging::Format format(system);
  if (!format.is_address(address))
    return std::unexpected(TranslationError{.kind = Kind::NotAnAddress, .address = address});

  Translation result{.address = {address.value}, .page_size = std::uint64_t{1} << 32, .rights = {}};
  Gpa table = format.root();
  for (const paging::Level& level : format.levels()) {
    const std::uint64_t index = address.value >> level.shift & ((1u << level.index_bits) - 1);
    const Gpa where = table + index * format.entry_size();
    result.entry[result.entry_count++] = where;
    const auto failure = [&](Kind kind) {
      return std::unexpected(TranslationError{kind, address, level.table, where, result.entry, result.entry_count});
    };
    const auto entry = read_entry(memory, where, format.entry_size());
    if (!entry) return failure(Kind::TableNotRam);
    if (!(*entry & paging::bits::present)) return failure(Kind::NotPresent);
    result.rights = result.rights & format.rights(*entry, level);
    table = format.target(*entry, level);
    if (!format.is_page(*entry, level)) continue;
    result.page_size = std::uint64_t{1} << level.shift;
    result.address = table + (address.value & (result.page_size - 1));
    break;
  }
  return result;
}

std::string describe(const TranslationError& error) {
  switch (error.kind) {
    case TranslationError::Kind::NotAnAddress:
      return fmt::format("{} is not an address the CPU can form in its present mode", error.address);
    case TranslationError::Kind::NotPresent:
      return fmt::format("{} is not mapped: {} entry at {} is not present", error.address, error.table, error.entry);
    case TranslationError::Kind::TableNotRam:
      return fmt::format("{} is not mapped: its {}, at {}, lies outside RAM", error.address, error.table,
                         error.entry.page());
  }
  return "";
}

}  // namespace gdbvm

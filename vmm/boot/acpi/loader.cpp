// The script follows the pointers that the tables have when they lie at 0.
#include "vmm/boot/acpi/loader.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

#include "vmm/boot/acpi/layouts.h"

namespace gdbvm::boot::acpi {

namespace {

using Bytes = std::vector<std::uint8_t>;

// All numbers little-endian. A file's name is filled up with zeros.
struct [[gnu::packed]] Allocate {
  std::uint32_t command = 1;
  char file[56]{};
  std::uint32_t align{};
  std::uint8_t zone{};
  std::uint8_t rest[63]{};
};
enum Zone : std::uint8_t { anywhere = 1, below_one_mib = 2 };
struct [[gnu::packed]] AddPointer {
  std::uint32_t command = 2;
  char in_file[56]{}, to_file[56]{};
  std::uint32_t offset{};
  std::uint8_t size{};
  std::uint8_t rest[7]{};
};
struct [[gnu::packed]] AddChecksum {
  std::uint32_t command = 3;
  char file[56]{};
  std::uint32_t offset{}, start{}, length{};
  std::uint8_t rest[56]{};
};
static_assert(sizeof(Allocate) == 128 && sizeof(AddPointer) == 128 && sizeof(AddChecksum) == 128);

class Script final {
 public:
  void allocate(std::string_view file, std::uint32_t align, Zone zone) {
    Allocate command{.align = align, .zone = zone};
    std::ranges::copy(file, command.file);
    append(command);
  }
  void add_pointer(std::string_view in_file, std::size_t offset, std::uint8_t size) {
    AddPointer command{.offset = static_cast<std::uint32_t>(offset), .size = size};
    std::ranges::copy(in_file, command.in_file);
    std::ranges::copy(std::string_view(tables_file), command.to_file);
    append(command);
  }
  void add_checksum(std::string_view file, std::size_t offset, std::size_t start, std::size_t length) {
    AddChecksum command{.offset = static_cast<std::uint32_t>(offset),
                        .start = static_cast<std::uint32_t>(start),
                        .length = static_cast<std::uint32_t>(length)};
    std::ranges::copy(file, command.file);
    append(command);
  }
  Bytes bytes;

 private:
  template <class Command>
  void append(const Command& command) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(&command);
    bytes.insert(bytes.end(), first, first + sizeof command);
  }
};

template <class T>
T at(const Bytes& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, &bytes.at(offset), sizeof value);
  return value;
}

void add_table_checksum(Script& script, const Bytes& tables, std::size_t table) {
  script.add_checksum(tables_file, table + offsetof(Header, checksum), table, at<Header>(tables, table).length);
}

// The pointers of an RSDT or XSDT, and the table's checksum.
template <class Address>
void link_root_table(Script& script, const Bytes& tables, std::size_t table) {
  const std::size_t end = table + at<Header>(tables, table).length;
  for (std::size_t entry = table + sizeof(Header); entry < end; entry += sizeof(Address)) {
    script.add_pointer(tables_file, entry, sizeof(Address));
  }
  add_table_checksum(script, tables, table);
}

void link_fadt(Script& script, const Bytes& tables, std::size_t fadt) {
  script.add_pointer(tables_file, fadt + offsetof(FixedDescription, facs), 4);
  script.add_pointer(tables_file, fadt + offsetof(FixedDescription, dsdt), 4);
  script.add_pointer(tables_file, fadt + offsetof(FixedDescription, x_dsdt), 8);
  add_table_checksum(script, tables, fadt);
}

}  // namespace

LoadableTables loadable_tables(const Hardware& hardware) {
  LoadableTables loadable{.root_pointer = {}, .tables = tables(hardware, {0}), .script = {}};
  Bytes& tables = loadable.tables;
  loadable.root_pointer.assign(tables.begin(), tables.begin() + sizeof(RootPointer));
  std::fill_n(tables.begin(), sizeof(RootPointer), std::uint8_t{0});
  const auto root = at<RootPointer>(loadable.root_pointer, 0);

  Script script;
  script.allocate(tables_file, 64, anywhere);
  script.allocate(root_pointer_file, 16, below_one_mib);
  const auto fadt = at<std::uint32_t>(tables, root.rsdt + sizeof(Header));  // the first of the RSDT's
  link_fadt(script, tables, fadt);
  link_root_table<std::uint32_t>(script, tables, root.rsdt);
  link_root_table<std::uint64_t>(script, tables, root.xsdt);
  script.add_pointer(root_pointer_file, offsetof(RootPointer, rsdt), 4);
  script.add_pointer(root_pointer_file, offsetof(RootPointer, xsdt), 8);
  script.add_checksum(root_pointer_file, offsetof(RootPointer, checksum), 0, RootPointer::first_size);
  script.add_checksum(root_pointer_file, offsetof(RootPointer, extended_checksum), 0, sizeof(RootPointer));
  loadable.script = std::move(script.bytes);
  return loadable;
}

}  // namespace gdbvm::boot::acpi

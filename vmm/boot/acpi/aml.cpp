// The encodings, innermost first: a package's length is known when its contents are.
#include "vmm/boot/acpi/aml.h"

#include <cstddef>

namespace gdbvm::boot::aml {

namespace {

// ACPI 6.4, table 20.1 and 20.2.
enum Opcode : std::uint8_t {
  zero_op = 0x00,
  one_op = 0x01,
  name_op = 0x08,
  byte_prefix = 0x0a,
  word_prefix = 0x0b,
  dword_prefix = 0x0c,
  string_prefix = 0x0d,
  qword_prefix = 0x0e,
  scope_op = 0x10,
  buffer_op = 0x11,
  package_op = 0x12,
  extension = 0x5b,
  device_op = 0x82,  // after `extension`
};

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

void put(Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

Bytes joined(List parts) {
  Bytes out;
  for (const Bytes& part : parts) append(out, part);
  return out;
}

// PkgLength (20.2.4) before `contents`; it counts its own bytes too.
Bytes with_length(const Bytes& contents) {
  constexpr std::size_t max_in_one_byte = 0x3f;
  Bytes out;
  std::size_t length = contents.size() + 1;
  if (length <= max_in_one_byte) {
    put(out, length, 1);
  } else {
    unsigned more = 1;
    while (contents.size() + 1 + more >= std::size_t{1} << (4 + 8 * more)) ++more;
    length = contents.size() + 1 + more;
    put(out, more << 6 | (length & 0xf), 1);
    put(out, length >> 4, more);
  }
  append(out, contents);
  return out;
}

// One NameString: names are padded with underscores.
Bytes path_bytes(std::string_view path) {
  constexpr std::size_t segment = 4;
  Bytes out;
  if (path.starts_with('\\')) {
    out.push_back('\\');
    path.remove_prefix(1);
  }
  for (std::size_t i = 0; i < segment; ++i) out.push_back(static_cast<std::uint8_t>(i < path.size() ? path[i] : '_'));
  return out;
}

unsigned hex_digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10); }

}  // namespace

Bytes integer(std::uint64_t value) {
  if (value == 0) return {zero_op};
  if (value == 1) return {one_op};
  const auto sized = [&](std::uint8_t prefix, unsigned bytes) {
    Bytes out{prefix};
    put(out, value, bytes);
    return out;
  };
  if (value <= 0xff) return sized(byte_prefix, 1);
  if (value <= 0xffff) return sized(word_prefix, 2);
  if (value <= 0xffffffff) return sized(dword_prefix, 4);
  return sized(qword_prefix, 8);
}

Bytes string(std::string_view text) {
  Bytes out{string_prefix};
  for (const char c : text) out.push_back(static_cast<std::uint8_t>(c));
  out.push_back(0);
  return out;
}

Bytes buffer(const Bytes& contents) {
  return joined({{buffer_op}, with_length(joined({integer(contents.size()), contents}))});
}

Bytes package(List elements) {
  Bytes contents{static_cast<std::uint8_t>(elements.size())};
  append(contents, joined(elements));
  return joined({{package_op}, with_length(contents)});
}

Bytes eisa_id(std::string_view id) {
  const auto letter = [&](unsigned i) { return static_cast<std::uint32_t>(id[i] - 'A' + 1) & 0x1f; };
  const std::uint32_t maker = letter(0) << 10 | letter(1) << 5 | letter(2);
  std::uint32_t product = 0;
  for (const char c : id.substr(3, 4)) product = product << 4 | hex_digit(c);
  // Stored as it was in EISA's registers: most significant byte first.
  Bytes out{dword_prefix};
  for (const std::uint32_t byte : {maker >> 8, maker, product >> 8, product}) put(out, byte & 0xff, 1);
  return out;
}

Bytes name(std::string_view path, const Bytes& object) { return joined({{name_op}, path_bytes(path), object}); }

Bytes scope(std::string_view path, List terms) {
  return joined({{scope_op}, with_length(joined({path_bytes(path), joined(terms)}))});
}

Bytes device(std::string_view path, List terms) {
  return joined({{extension, device_op}, with_length(joined({path_bytes(path), joined(terms)}))});
}

Bytes resources(List descriptors) {
  const Bytes end_tag{0x79, 0};  // the checksum 0 stands for "not computed"
  return buffer(joined({joined(descriptors), end_tag}));
}

Bytes io_ports(std::uint16_t first, std::uint8_t count) {
  Bytes out{0x47, 1};  // I/O port descriptor; decodes 16 bits
  put(out, first, 2);
  put(out, first, 2);
  put(out, 1, 1);
  put(out, count, 1);
  return out;
}

Bytes isa_irq(unsigned irq) {
  Bytes out{0x22};
  put(out, std::uint64_t{1} << irq, 2);
  return out;
}

Bytes memory(std::uint32_t start, std::uint32_t size) {
  Bytes out{0x86, 9, 0, 1};  // 32-bit fixed memory range, writable
  put(out, start, 4);
  put(out, size, 4);
  return out;
}

namespace {
enum class Space : std::uint8_t { Memory = 0, Io = 1, BusNumbers = 2 };
// An address space descriptor of 16 or 32 bits (ACPI 6.4, 6.4.3.5).
Bytes window(Space space, unsigned width, std::uint64_t first, std::uint64_t last) {
  constexpr std::uint8_t produced_and_fixed = 0x0c, whole_io = 3, writable = 1;
  Bytes out{static_cast<std::uint8_t>(width == 2 ? 0x88 : 0x87)};
  put(out, 3 + 5u * width, 2);
  put(out, static_cast<std::uint8_t>(space), 1);
  put(out, produced_and_fixed, 1);
  put(out, space == Space::Io ? whole_io : space == Space::Memory ? writable : 0, 1);
  for (const std::uint64_t field : {std::uint64_t{0}, first, last, std::uint64_t{0}, last - first + 1}) {
    put(out, field, width);
  }
  return out;
}
}  // namespace

Bytes bus_numbers(std::uint8_t first, std::uint8_t last) { return window(Space::BusNumbers, 2, first, last); }
Bytes io_window(std::uint16_t first, std::uint16_t last) { return window(Space::Io, 2, first, last); }
Bytes memory_window(std::uint32_t first, std::uint32_t last) { return window(Space::Memory, 4, first, last); }

Bytes interrupt(std::uint32_t gsi) {
  Bytes out{0x89, 6, 0, 1, 1};  // extended interrupt; consumer, level, active high, exclusive; one number
  put(out, gsi, 4);
  return out;
}

}  // namespace gdbvm::boot::aml

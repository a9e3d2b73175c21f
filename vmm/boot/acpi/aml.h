// Encodes the few terms of the ACPI Machine Language that a machine without methods needs (ACPI 6.4, chapter 20).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace gdbvm::boot::aml {

using Bytes = std::vector<std::uint8_t>;
using List = std::initializer_list<Bytes>;

// Data objects.
Bytes integer(std::uint64_t value);
Bytes string(std::string_view text);
Bytes buffer(const Bytes& contents);
Bytes package(List elements);  // at most 255
// "PNP0501", three capitals and four hex digits, in the compressed form of EISA ids (ACPI 6.4, 19.6.37).
Bytes eisa_id(std::string_view id);

// Named objects. A path is one name of up to four characters, or "\\" and one such name.
Bytes name(std::string_view path, const Bytes& object);
Bytes scope(std::string_view path, List terms);
Bytes device(std::string_view path, List terms);

// What a device occupies (ACPI 6.4, 6.4): a buffer of descriptors with the end tag.
Bytes resources(List descriptors);
Bytes io_ports(std::uint16_t first, std::uint8_t count);
Bytes isa_irq(unsigned irq);  // 0-15, edge-triggered
Bytes memory(std::uint32_t start, std::uint32_t size);
// What a bridge passes on: from the first to the last.
Bytes bus_numbers(std::uint8_t first, std::uint8_t last);
Bytes io_window(std::uint16_t first, std::uint16_t last);
Bytes memory_window(std::uint32_t first, std::uint32_t last);
Bytes interrupt(std::uint32_t gsi);  // level-triggered, active high, of this device alone

}  // namespace gdbvm::boot::aml

// Memory as lines of numbers, characters or instructions.
#include "vmm/monitor/memory_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "vmm/debug/stepping/disassembly.h"
#include "vmm/memory/little_endian.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

std::string character(std::uint8_t value) {
  switch (value) {
    case '\'':
      return "'\\''";
    case '\\':
      return "'\\\\'";
    case '\n':
      return "'\\n'";
    case '\r':
      return "'\\r'";
    default:
      return std::isprint(value) ? fmt::format("'{:c}'", value) : fmt::format("'\\x{:02x}'", value);
  }
}

std::int64_t sign_extend(std::uint64_t value, unsigned size) {
  const unsigned unused = 64 - 8 * size;
  return static_cast<std::int64_t>(value << unused) >> unused;
}

// Columns are as wide as the widest number of the size.
std::string item(std::uint64_t value, const ExamineFormat& format) {
  const unsigned bits = 8 * format.size;
  const unsigned decimal_digits = (bits * 10 + 32) / 33;
  switch (format.format) {
    case 'o':
      return fmt::format("{:>#{}o}", value, (bits + 2) / 3);
    case 'u':
      return fmt::format("{:>{}}", value, decimal_digits);
    case 'd':
      return fmt::format("{:>{}}", sign_extend(value, format.size), decimal_digits);
    case 'c':
      return character(static_cast<std::uint8_t>(value));
    default:
      return fmt::format("0x{:0{}x}", value, bits / 4);
  }
}

Result<> items_text(std::uint64_t address, const ExamineFormat& format, const ReadMemory& read, std::string& text) {
  const unsigned in_line = (format.size == 1 ? 8 : 16) / format.size;
  for (unsigned done = 0; done < format.count; ++done, address += format.size) {
    std::array<std::uint8_t, 8> bytes{};
    const auto count = read(address, std::span(bytes).first(format.size));
    if (!count || *count < format.size) {
      if (done % in_line != 0) text += '\n';
      return count ? fail(fmt::format("Cannot access memory at {:#x}", address + *count))
                   : fail(fmt::format("Cannot access memory: {}", count.error().text));
    }
    if (done % in_line == 0) text += fmt::format("{:016x}:", address);
    text += ' ' + item(little_endian(std::span(bytes).first(format.size)), format);
    if ((done + 1) % in_line == 0 || done + 1 == format.count) text += '\n';
  }
  return {};
}

Result<> instructions_text(std::uint64_t address, unsigned wanted, x86::CpuMode mode, const ReadMemory& read,
                           std::string& text) {
  const ZydisDecoder decoder = decoder_for(mode);
  ZydisFormatter formatter;
  ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
  for (unsigned i = 0; i < wanted; ++i) {
    std::array<std::uint8_t, ZYDIS_MAX_INSTRUCTION_LENGTH> bytes{};
    const auto count = read(address, bytes);
    if (!count) return fail(fmt::format("Cannot access memory: {}", count.error().text));
    ZydisDecodedInstruction instruction;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    std::array<char, 128> line{"(bad)"};
    std::size_t length = 1;
    if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), *count, &instruction, operands.data()))) {
      length = instruction.length;
      ZydisFormatterFormatInstruction(&formatter, &instruction, operands.data(), instruction.operand_count_visible,
                                      line.data(), line.size(), address, nullptr);
    }
    text += fmt::format("{:#010x}:  {:<29} {}\n", address,
                        fmt::format("{:02x}", fmt::join(std::span(bytes).first(length), " ")), line.data());
    address += length;
  }
  return {};
}

}  // namespace

Result<ExamineFormat> parse_format(std::string_view text) {
  ExamineFormat format;
  std::string count;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      count += c;
    } else if (std::string_view("xduoci").find(c) != std::string_view::npos) {
      format.format = c;
    } else if (const auto size = std::string_view("bhwg").find(c); size != std::string_view::npos) {
      format.size = 1u << size;
    } else {
      return fail(fmt::format(
          "'{}' in /{} is not a format; there are the formats x d u o c i, the sizes b h w g, and a count", c, text));
    }
  }
  if (format.format == 'c') format.size = 1;
  if (count.empty()) return format;
  format.count = count.size() > 5 ? ExamineFormat::max_count + 1 : static_cast<unsigned>(std::stoul(count));
  if (format.count > ExamineFormat::max_count) return fail(fmt::format("at most {} items", ExamineFormat::max_count));
  return format;
}

Result<> memory_text(std::uint64_t address, const ExamineFormat& format, x86::CpuMode mode, const ReadMemory& read,
                     std::string& text) {
  if (format.format == 'i') return instructions_text(address, format.count, mode, read, text);
  return items_text(address, format, read, text);
}

}  // namespace gdbvm::monitor

// Segment registers as a CPU holds them in each mode, and their encoding as descriptors (SDM vol. 3, 3.4.5 and 5.2.1).
#pragma once

#include <array>
#include <cstdint>

#include "vmm/x86/cpu_state.h"
#include "vmm/x86/layout.h"

namespace gdbvm::x86 {

// Descriptor types, SDM vol. 3, tables 3-1 and 3-2. All with the accessed bit, as a loaded register has it.
namespace segment_type {
inline constexpr std::uint8_t data_read_write = 0x3, code_execute_read = 0xb;
inline constexpr std::uint8_t ldt = 0x2, tss16_busy = 0x3, tss_busy = 0xb;  // with s == 0
}  // namespace segment_type

namespace detail {
constexpr Segment flat(std::uint16_t selector, std::uint8_t type) {
  return {.base = 0, .limit = 0xffffffff, .selector = selector, .type = type, .present = 1, .s = 1, .g = 1};
}
}  // namespace detail

constexpr Segment flat_code64(std::uint16_t selector = layout::code_selector) {
  Segment segment = detail::flat(selector, segment_type::code_execute_read);
  segment.l = 1;
  return segment;
}
constexpr Segment flat_code32(std::uint16_t selector = layout::code_selector) {
  Segment segment = detail::flat(selector, segment_type::code_execute_read);
  segment.db = 1;
  return segment;
}
constexpr Segment flat_data(std::uint16_t selector = layout::data_selector) {
  Segment segment = detail::flat(selector, segment_type::data_read_write);
  segment.db = 1;
  return segment;
}
// A data segment as real mode leaves it: base = selector * 16, 64 KiB.
constexpr Segment real_mode_segment(std::uint16_t selector) {
  return {.base = std::uint64_t{selector} << 4,
          .limit = 0xffff,
          .selector = selector,
          .type = segment_type::data_read_write,
          .present = 1,
          .s = 1};
}
// CS in real mode; KVM on Intel requires a code type there.
constexpr Segment real_mode_code(std::uint16_t selector) {
  Segment segment = real_mode_segment(selector);
  segment.type = segment_type::code_execute_read;
  return segment;
}
// TR: 32-bit and 64-bit TSS share the type number. VM entry refuses an unusable TR.
constexpr Segment task_register(std::uint16_t selector = layout::tss_selector, std::uint64_t base = layout::tss) {
  return {.base = base, .limit = layout::tss_limit, .selector = selector, .type = segment_type::tss_busy, .present = 1};
}
// An LDTR, FS or whatever else that holds nothing.
constexpr Segment null_segment() { return {.unusable = 1}; }

// The 8-byte descriptor that would load `segment`; base above 32 bits needs encode_descriptor_high() after it.
constexpr std::uint64_t encode_descriptor(const Segment& segment) {
  const std::uint64_t limit = segment.g ? segment.limit >> 12 : segment.limit;
  const std::uint64_t access =
      (segment.type & 0xfu) | (segment.s & 1u) << 4 | (segment.dpl & 3u) << 5 | (segment.present & 1u) << 7;
  const std::uint64_t flags =
      (segment.avl & 1u) | (segment.l & 1u) << 1 | (segment.db & 1u) << 2 | (segment.g & 1u) << 3;
  return (limit & 0xffff) | (segment.base & 0xffffff) << 16 | access << 40 | (limit >> 16 & 0xf) << 48 | flags << 52 |
         (segment.base >> 24 & 0xff) << 56;
}
// The attributes alone, where the descriptor's upper half has them.
constexpr std::uint32_t descriptor_attributes(const Segment& segment) {
  return static_cast<std::uint32_t>(encode_descriptor(segment) >> 32) & 0x00f0ff00;
}
// The segment register that loading `descriptor` (of a code or data segment) by `selector` gives.
constexpr Segment decode_descriptor(std::uint64_t descriptor, std::uint16_t selector) {
  Segment segment;
  segment.g = descriptor >> 55 & 1;
  const std::uint32_t limit = static_cast<std::uint32_t>((descriptor & 0xffff) | (descriptor >> 32 & 0xf0000));
  segment.limit = segment.g ? limit << 12 | 0xfff : limit;
  segment.base = (descriptor >> 16 & 0xffffff) | (descriptor >> 56 & 0xff) << 24;
  segment.type = descriptor >> 40 & 0xf;
  segment.s = descriptor >> 44 & 1;
  segment.dpl = descriptor >> 45 & 3;
  segment.present = descriptor >> 47 & 1;
  segment.avl = descriptor >> 52 & 1;
  segment.l = descriptor >> 53 & 1;
  segment.db = descriptor >> 54 & 1;
  segment.selector = selector;
  return segment;
}
// The second half of a system descriptor in long mode (TSS, LDT): base bits 63:32.
constexpr std::uint64_t encode_descriptor_high(const Segment& segment) { return segment.base >> 32; }

// The boot GDT for layout::gdt: null, these three, TSS (16 bytes in long mode).
constexpr std::array<std::uint64_t, layout::gdt_entries> boot_gdt(const std::array<Segment, 3>& segments,
                                                                  const Segment& task) {
  return {0,
          encode_descriptor(segments[0]),
          encode_descriptor(segments[1]),
          encode_descriptor(segments[2]),
          encode_descriptor(task),
          encode_descriptor_high(task)};
}

static_assert(encode_descriptor(flat_code64()) == 0x00af9b000000ffff);
static_assert(encode_descriptor(flat_code32()) == 0x00cf9b000000ffff);
static_assert(encode_descriptor(flat_data()) == 0x00cf93000000ffff);
static_assert(decode_descriptor(encode_descriptor(flat_code64()), layout::code_selector) == flat_code64());

}  // namespace gdbvm::x86

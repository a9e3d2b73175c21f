// From a row of the table to the bytes in a bank, and back.
#include "vmm/debug/guest/register_access.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "vmm/x86/x87_tags.h"

namespace gdbvm::x86 {

namespace {

constexpr std::size_t xstate_bv = 512;  // SDM vol. 1, 13.4.2: which components are not in their initial state

template <class T>
std::uint8_t* bytes_of(T& bank) {
  return reinterpret_cast<std::uint8_t*>(&bank);
}

Segment& segment_at(SystemRegisters& s, std::uint32_t where) {
  return *reinterpret_cast<Segment*>(bytes_of(s) + where);
}

std::uint32_t attributes(const Segment& s) {
  return (s.type & 15u) | (s.s & 1u) << 4 | (s.dpl & 3u) << 5 | (s.present & 1u) << 7 | (s.avl & 1u) << 8 |
         (s.l & 1u) << 9 | (s.db & 1u) << 10 | (s.g & 1u) << 11 | (s.unusable & 1u) << 12;
}
void set_attributes(Segment& s, std::uint32_t value) {
  const auto field = [value](unsigned shift, unsigned mask) {
    return static_cast<std::uint8_t>(value >> shift & mask);
  };
  s.type = field(0, 15);
  s.s = field(4, 1);
  s.dpl = field(5, 3);
  s.present = field(7, 1);
  s.avl = field(8, 1);
  s.l = field(9, 1);
  s.db = field(10, 1);
  s.g = field(11, 1);
  s.unusable = field(12, 1);
}

// A component in its initial state need not be there in memory: make it what it stands for.
void spell_out(ExtendedState& state, const CpuFeatures& features) {
  std::uint64_t in_use;
  std::memcpy(&in_use, &state.bytes[xstate_bv], sizeof in_use);
  auto zero = [&](std::size_t first, std::size_t count) { std::fill_n(state.bytes.begin() + first, count, 0); };
  if (!(in_use & 1u << std::to_underlying(Component::X87))) {
    zero(0, 24);
    zero(32, 128);
    state.bytes[0] = 0x7f;  // FCW 0x37f
    state.bytes[1] = 0x03;
  }
  if (!(in_use & 1u << std::to_underlying(Component::Sse))) zero(160, 256);
  constexpr std::pair<Component, std::size_t> sizes[] = {{Component::Avx, 256},
                                                         {Component::Opmask, 64},
                                                         {Component::ZmmHigh, 512},
                                                         {Component::HighZmm, 1024},
                                                         {Component::Pkru, 4}};
  for (const auto& [component, size] : sizes) {
    const std::size_t offset = features.component_offset[std::to_underlying(component)];
    if (offset && !(in_use & 1u << std::to_underlying(component))) zero(offset, size);
  }
}

}  // namespace

struct RegisterAccess::Stored {
  std::array<std::uint8_t, 32> bytes{};

  void put(const void* from, std::size_t count) { std::memcpy(bytes.data(), from, count); }
  void put(std::uint64_t value) { std::memcpy(bytes.data(), &value, sizeof value); }
  std::uint64_t number() const {
    std::uint64_t value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
};

void RegisterAccess::forget() {
  extended_.reset();
  debug_.reset();
  xcr0_.reset();
  msrs_.forget();
}

ExtendedState& RegisterAccess::extended() {
  if (!extended_) {
    extended_ = vcpu_.extended();
    spell_out(*extended_, features_);
  }
  return *extended_;
}

std::size_t RegisterAccess::offset_of(const Register& r) const {
  return features_.component_offset[std::to_underlying(r.component)] + r.where;
}

auto RegisterAccess::load(const Register& r, Stored& stored) -> Result {
  switch (r.bank) {
    case Bank::General:
      stored.put(reinterpret_cast<const std::uint8_t*>(&vcpu_.general()) + r.where, r.bytes);
      return {};
    case Bank::LinearPc:
    case Bank::StackPointer:
      stored.put(r.bank == Bank::LinearPc ? pc_of(vcpu_).value : load_stack_pointer(r));
      return {};
    case Bank::System:
      stored.put(reinterpret_cast<const std::uint8_t*>(&vcpu_.system()) + r.where, r.bytes);
      return {};
    case Bank::SegmentSelector:
      stored.put(load_segment(r).selector);
      return {};
    case Bank::SegmentAttributes:
      stored.put(attributes(load_segment(r)));
      return {};
    case Bank::Extended:
      stored.put(&extended().bytes[offset_of(r)], r.bytes);
      return {};
    case Bank::TagWord:
      stored.put(full_tag_word(extended().bytes));
      return {};
    case Bank::Msr:
      return load_msr(r, stored);
    case Bank::Debug:
      if (!debug_) debug_ = vcpu_.debug_registers();
      stored.put(bytes_of(*debug_) + r.where, r.bytes);
      return {};
    case Bank::Xcr0:
      if (!xcr0_) xcr0_ = vcpu_.xcr0();
      stored.put(*xcr0_);
      return {};
    case Bank::NoSystemCall:
      stored.put(~std::uint64_t{0});
      return {};
  }
  std::unreachable();
}

std::uint64_t RegisterAccess::load_stack_pointer(const Register& r) {
  std::uint64_t value = 0;
  std::memcpy(&value, reinterpret_cast<const std::uint8_t*>(&vcpu_.general()) + r.where, sizeof value);
  return linear_stack(vcpu_.system(), value);
}

Segment RegisterAccess::load_segment(const Register& r) {
  SystemRegisters s = vcpu_.system();
  return segment_at(s, r.where);
}

auto RegisterAccess::load_msr(const Register& r, Stored& stored) -> Result {
  const auto value = msrs_.value(vcpu_, r.where);
  if (!value) return std::unexpected(fmt::format("this CPU has no MSR {:#x}", r.where));
  stored.put(*value);
  return {};
}

auto RegisterAccess::read(const Register& r, View view, std::span<std::uint8_t> out) -> Result {
  const std::size_t size = r.size(view);
  if (out.size() != size)
    return std::unexpected(fmt::format("{} has {} bytes, not {}", r.name(view), size, out.size()));
  Stored stored;
  if (auto loaded = load(r, stored); !loaded) return loaded;
  std::copy_n(stored.bytes.begin(), size, out.begin());
  return {};
}

auto RegisterAccess::write(const Register& r, View view, std::span<const std::uint8_t> bytes) -> Result {
  const std::size_t size = r.size(view);
  if (bytes.size() != size)
    return std::unexpected(fmt::format("{} has {} bytes, not {}", r.name(view), size, bytes.size()));
  if (std::any_of(bytes.begin() + std::min<std::size_t>(size, r.bytes), bytes.end(), [](auto b) { return b != 0; }))
    return std::unexpected(fmt::format("{} has only {} bits", r.name(view), 8 * r.bytes));
  Stored stored;
  if (auto loaded = load(r, stored); !loaded) return loaded;
  const Stored before = stored;
  stored.put(bytes.data(), size);  // what the view does not show stays
  if (stored.bytes == before.bytes) return {};
  return store(r, view, stored);
}

auto RegisterAccess::store(const Register& r, View view, const Stored& stored) -> Result {
  switch (r.bank) {
    case Bank::General: {
      GeneralRegisters general = vcpu_.general();
      std::memcpy(bytes_of(general) + r.where, stored.bytes.data(), r.bytes);
      vcpu_.set_general(general);
      return {};
    }
    case Bank::LinearPc:
      return store_pc(stored.number());
    case Bank::StackPointer:
      return store_stack_pointer(r, stored.number());
    case Bank::System: {
      SystemRegisters s = vcpu_.system();
      std::memcpy(bytes_of(s) + r.where, stored.bytes.data(), r.bytes);
      return accept(vcpu_.set_system(s), r, view);
    }
    case Bank::SegmentSelector:
    case Bank::SegmentAttributes:
      return accept(store_segment(r, stored.number()), r, view);
    case Bank::Extended:
    case Bank::TagWord:
      return accept(store_extended(r, stored).has_value(), r, view);
    case Bank::Msr:
      msrs_.forget();
      return accept(vcpu_.set_msr(r.where, stored.number()), r, view);
    case Bank::Debug: {
      DebugRegisters registers = *debug_;
      std::memcpy(bytes_of(registers) + r.where, stored.bytes.data(), r.bytes);
      debug_.reset();
      return accept(vcpu_.set_debug_registers(registers), r, view);
    }
    case Bank::Xcr0:
      xcr0_.reset();
      return accept(vcpu_.set_xcr0(stored.number()), r, view);
    case Bank::NoSystemCall:
      return {};
  }
  std::unreachable();
}

bool RegisterAccess::store_segment(const Register& r, std::uint64_t value) {
  SystemRegisters s = vcpu_.system();
  Segment& segment = segment_at(s, r.where);
  if (r.bank == Bank::SegmentAttributes) {
    set_attributes(segment, static_cast<std::uint32_t>(value));
  } else {
    segment.selector = static_cast<std::uint16_t>(value);
    if (mode_of(s, vcpu_.general().rflags) == CpuMode::Real) segment.base = std::uint64_t{segment.selector} << 4;
  }
  return vcpu_.set_system(s);
}

auto RegisterAccess::store_pc(std::uint64_t linear) -> Result {
  GeneralRegisters general = vcpu_.general();
  const SystemRegisters& s = vcpu_.system();
  if (mode_of(s, general.rflags) == CpuMode::Long) {
    general.rip = linear;
  } else {
    general.rip = (linear - s.cs.base) & 0xffffffff;
    if (linear >> 32 || general.rip > s.cs.limit)
      return std::unexpected(
          fmt::format("{:#x} lies outside the code segment (base {:#x}, limit {:#x})", linear, s.cs.base, s.cs.limit));
  }
  vcpu_.set_general(general);
  return {};
}

// A frame pointer may be no pointer at all, and is written back as it was after a call by the debugger.
auto RegisterAccess::store_stack_pointer(const Register& r, std::uint64_t linear) -> Result {
  GeneralRegisters general = vcpu_.general();
  const SystemRegisters& s = vcpu_.system();
  const std::uint64_t base = stack_base(s);
  const std::uint64_t value = base == 0 ? linear : (linear - base) & 0xffffffff;
  const bool expands_down = s.ss.type & 4;
  if (base != 0 && r.role == Role::Sp && !expands_down && value > s.ss.limit)
    return std::unexpected(
        fmt::format("{:#x} lies outside the stack segment (base {:#x}, limit {:#x})", linear, base, s.ss.limit));
  std::memcpy(bytes_of(general) + r.where, &value, sizeof value);
  vcpu_.set_general(general);
  return {};
}

auto RegisterAccess::store_extended(const Register& r, const Stored& stored) -> Result {
  ExtendedState state = extended();
  if (r.bank == Bank::TagWord)
    state.bytes[4] = abridged_tag_word(static_cast<std::uint16_t>(stored.number()));
  else
    std::memcpy(&state.bytes[offset_of(r)], stored.bytes.data(), r.bytes);
  const unsigned component = std::to_underlying(r.component);
  state.bytes[xstate_bv + component / 8] |= static_cast<std::uint8_t>(1u << component % 8);
  extended_.reset();
  if (!vcpu_.set_extended(state)) return std::unexpected("refused");
  return {};
}

auto RegisterAccess::accept(bool taken, const Register& r, View view) -> Result {
  if (taken) return {};
  return std::unexpected(fmt::format("the CPU does not take this value in {}", r.name(view)));
}

}  // namespace gdbvm::x86

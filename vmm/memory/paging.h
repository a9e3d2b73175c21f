// How a CPU's page tables are built in each paging mode (SDM vol. 3, 4.2 to 4.5): levels, indexes, entries.
#pragma once

#include <cstdint>
#include <span>

#include "vmm/memory/address.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::paging {

enum class Mode { None, Bits32, Pae, FourLevel, FiveLevel };

constexpr Mode mode_of(const x86::SystemRegisters& s) {
  if (!(s.cr0 & x86::cr0::pg)) return Mode::None;
  if (!(s.cr4 & x86::cr4::pae)) return Mode::Bits32;
  if (!(s.efer & x86::efer::lma)) return Mode::Pae;
  return s.cr4 & x86::cr4::la57 ? Mode::FiveLevel : Mode::FourLevel;
}

// What the tables allow, all levels taken together.
struct Rights {
  bool writable = true;
  bool user = true;
  bool executable = true;
  bool operator==(const Rights&) const = default;
  friend constexpr Rights operator&(Rights a, Rights b) {
    return {a.writable && b.writable, a.user && b.user, a.executable && b.executable};
  }
};

// One level: an entry covers 2^shift bytes, a table has 2^index_bits entries.
struct Level {
  const char* table;  // the SDM's name
  unsigned shift;
  unsigned index_bits;
};

inline constexpr Level levels_64[] = {{"PML5", 48, 9}, {"PML4", 39, 9}, {"PDPT", 30, 9}, {"PD", 21, 9}, {"PT", 12, 9}};
inline constexpr Level levels_pae[] = {{"PDPT", 30, 2}, {"PD", 21, 9}, {"PT", 12, 9}};
inline constexpr Level levels_32[] = {{"PD", 22, 10}, {"PT", 12, 10}};

namespace bits {
inline constexpr std::uint64_t present = 1u << 0, writable = 1u << 1, user = 1u << 2, accessed = 1u << 5,
                               dirty = 1u << 6, large = 1u << 7;
inline constexpr std::uint64_t no_execute = std::uint64_t{1} << 63;
inline constexpr std::uint64_t address = 0x000ffffffffff000;
}  // namespace bits

// The tables that a set of system registers stands for.
class Format {
 public:
  explicit constexpr Format(const x86::SystemRegisters& s)
      : mode_(mode_of(s)), cr3_(s.cr3), pse_(s.cr4 & x86::cr4::pse), nxe_(s.efer & x86::efer::nxe) {}

  constexpr Mode mode() const { return mode_; }
  // Root first; none without paging.
  constexpr std::span<const Level> levels() const {
    switch (mode_) {
      case Mode::None:
        return {};
      case Mode::Bits32:
        return levels_32;
      case Mode::Pae:
        return levels_pae;
      case Mode::FourLevel:
        return std::span(levels_64).subspan(1);
      case Mode::FiveLevel:
        return levels_64;
    }
    return {};
  }
  constexpr unsigned entry_size() const { return mode_ == Mode::Bits32 ? 4 : 8; }
  constexpr unsigned address_bits() const { return mode_ == Mode::FiveLevel ? 57 : mode_ == Mode::FourLevel ? 48 : 32; }
  constexpr Gpa root() const {
    if (mode_ == Mode::Bits32) return {cr3_ & 0xfffff000};
    if (mode_ == Mode::Pae) return {cr3_ & 0xffffffe0};
    return {cr3_ & bits::address};
  }
  constexpr bool is_address(Gva address) const {
    const unsigned width = address_bits();
    if (width == 32) return address.value >> 32 == 0;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(address.value << (64 - width)) >> (64 - width)) ==
           address.value;
  }

  // The entry maps a page at this level instead of pointing to a further table.
  constexpr bool is_page(std::uint64_t entry, const Level& level) const {
    if (level.shift == 12) return true;
    if (!(entry & bits::large)) return false;
    if (mode_ == Mode::Bits32) return pse_;
    return level.shift == 21 || (level.shift == 30 && mode_ != Mode::Pae);
  }
  // Where the page or table that an entry points to begins.
  constexpr Gpa target(std::uint64_t entry, const Level& level) const {
    if (mode_ == Mode::Bits32) {
      if (level.shift == 22 && is_page(entry, level))
        return {(entry & 0xffc00000) | (entry >> 13 & 0xff) << 32};  // PSE-36
      return {entry & 0xfffff000};
    }
    const std::uint64_t page_mask =
        is_page(entry, level) ? ~((std::uint64_t{1} << level.shift) - 1) : ~std::uint64_t{0};
    return {entry & bits::address & page_mask};
  }
  constexpr Rights rights(std::uint64_t entry, const Level& level) const {
    const bool executable = mode_ == Mode::Bits32 || !nxe_ || !(entry & bits::no_execute);
    if (mode_ == Mode::Pae && level.shift == 30) return {};  // these entries have no such bits
    return {(entry & bits::writable) != 0, (entry & bits::user) != 0, executable};
  }

 private:
  Mode mode_;
  std::uint64_t cr3_;
  bool pse_, nxe_;
};

}  // namespace gdbvm::paging

// Which parts of guest RAM are taken at boot, and where there is room for more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/memory/address.h"

namespace gdbvm::boot {

// What 32-bit code and the pointers of boot protocols reach.
inline constexpr std::uint64_t four_gib = std::uint64_t{1} << 32;

// For the end of a sentence about what lies outside the guest's memory: ": --memory 2049M has room for it", or "" where
// no PC has memory.
std::string room_for(Gpa start, std::uint64_t size);

class RamPlan final {
 public:
  // `ram_size` in bytes, laid out like GuestMemory's.
  explicit RamPlan(std::uint64_t ram_size);

  // Is [start, start + size) RAM, without a hole in it? Any values may be asked, wrapping ones too.
  bool is_ram(Gpa start, std::uint64_t size) const;
  // Takes a range out of what find() may give; ranges may overlap, and what of them is not RAM does not matter.
  void reserve(Gpa start, std::uint64_t size);
  // Reserves a range, if all of it is RAM and free.
  [[nodiscard]] bool take(Gpa start, std::uint64_t size);
  // Reserves and returns room for `size` bytes: at `preferred` if that is free, else the lowest free place above the
  // first page (real-mode vectors, BIOS data) whose end is at most `limit`. `align` is a power of two.
  std::optional<Gpa> find(std::uint64_t size, std::uint64_t align, Gpa preferred, std::uint64_t limit);
  // The same, at the highest free place.
  std::optional<Gpa> find_highest(std::uint64_t size, std::uint64_t align, std::uint64_t limit);

 private:
  struct Range {
    std::uint64_t start, end;  // exclusive
  };
  bool is_free(std::uint64_t start, std::uint64_t size) const;

  std::vector<Range> ram_;
  std::vector<Range> taken_;  // sorted by start, disjoint
};

}  // namespace gdbvm::boot

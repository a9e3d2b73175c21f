// Boot information with pointers into itself: built once to know its size, and again at the place found for it.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"
#include "vmm/x86/layout.h"

namespace gdbvm::boot {

class InfoBlock final {
 public:
  explicit InfoBlock(Gpa base) : base_(base) {}

  // Where the next piece will lie.
  Gpa end() const { return base_ + bytes_.size(); }
  template <class T>
  Gpa add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return add_bytes({reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  Gpa add_bytes(std::span<const std::uint8_t> bytes) {
    const Gpa at = end();
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return at;
  }
  // The text and a zero.
  Gpa add_string(std::string_view text) {
    const Gpa at = add_bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    bytes_.push_back(0);
    return at;
  }
  void align(std::size_t to) { bytes_.resize((bytes_.size() + to - 1) / to * to); }
  // Overwrites a piece that is there already.
  template <class T>
  void put(Gpa at, const T& value) {
    std::memcpy(&bytes_.at(at - base_), &value, sizeof value);
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  Gpa base_;
  std::vector<std::uint8_t> bytes_;
};

// `fill` gets an InfoBlock; its size must not depend on its base. nullopt: no room below 4 GiB.
template <class Fill>
std::optional<Gpa> place_info(BootPlan& plan, RamPlan& ram, Fill fill) {
  InfoBlock measured({0});
  fill(measured);
  const auto base = ram.find(measured.bytes().size(), page_size, {x86::layout::boot_info}, four_gib);
  if (!base) return std::nullopt;
  InfoBlock block(*base);
  fill(block);
  plan.placements.push_back({*base, std::move(block.bytes())});
  return base;
}

}  // namespace gdbvm::boot

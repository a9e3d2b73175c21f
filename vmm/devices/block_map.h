// Blocks of a disk by their number, in a map whose copies share what they have in common.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

namespace gdbvm {

inline constexpr std::uint64_t disk_block_size = 4096;
using DiskBlock = std::array<std::uint8_t, disk_block_size>;

// A copy takes no time, however many blocks there are, and is not changed with the original. A tree of fixed height, of
// which set() copies the nodes on its way.
class BlockMap final {
 public:
  // For the numbers below `blocks`.
  explicit BlockMap(std::uint64_t blocks);

  bool empty() const { return !root_; }
  void clear() { root_.reset(); }
  // nullptr: not in the map.
  const DiskBlock* find(std::uint64_t number) const;
  void set(std::uint64_t number, std::shared_ptr<const DiskBlock> block);

  // Of both maps, which are for the same numbers: each block that is in one and not, or set anew, in the other. Takes
  // as long as there are such blocks.
  using Difference = std::function<void(std::uint64_t number, const DiskBlock* here, const DiskBlock* there)>;
  void differences(const BlockMap& other, const Difference& each) const;

 private:
  using Slot = std::shared_ptr<const void>;  // a Node; at level 0 a DiskBlock
  struct Node;
  static const Slot& child(const Slot& node, std::uint64_t index);
  static Slot with(const Slot& at, unsigned level, std::uint64_t number, Slot block);
  static void compare(const Slot& here, const Slot& there, unsigned level, std::uint64_t first, const Difference& each);

  unsigned levels_;
  Slot root_;
};

}  // namespace gdbvm

#include "vmm/devices/block_map.h"

#include <bit>

namespace gdbvm {

namespace {

constexpr unsigned bits_per_level = 5, fan_out = 1u << bits_per_level;

std::uint64_t index_at(unsigned level, std::uint64_t number) {
  return number >> bits_per_level * (level - 1) & (fan_out - 1);
}
const DiskBlock* block_of(const std::shared_ptr<const void>& slot) { return static_cast<const DiskBlock*>(slot.get()); }

}  // namespace

struct BlockMap::Node {
  std::array<Slot, fan_out> slots;
};

BlockMap::BlockMap(std::uint64_t blocks)
    : levels_((static_cast<unsigned>(std::bit_width(blocks - 1)) + bits_per_level - 1) / bits_per_level) {}

const BlockMap::Slot& BlockMap::child(const Slot& node, std::uint64_t index) {
  static const Slot none;
  return node ? static_cast<const Node*>(node.get())->slots[index] : none;
}

const DiskBlock* BlockMap::find(std::uint64_t number) const {
  const Slot* at = &root_;
  for (unsigned level = levels_; level > 0 && *at; --level) at = &child(*at, index_at(level, number));
  return block_of(*at);
}

BlockMap::Slot BlockMap::with(const Slot& at, unsigned level, std::uint64_t number, Slot block) {
  if (level == 0) return block;
  auto node = at ? std::make_shared<Node>(*static_cast<const Node*>(at.get())) : std::make_shared<Node>();
  Slot& slot = node->slots[index_at(level, number)];
  slot = with(slot, level - 1, number, std::move(block));
  return node;
}

void BlockMap::set(std::uint64_t number, std::shared_ptr<const DiskBlock> block) {
  root_ = with(root_, levels_, number, std::move(block));
}

void BlockMap::compare(const Slot& here, const Slot& there, unsigned level, std::uint64_t first,
                       const Difference& each) {
  if (here == there) return;
  if (level == 0) return each(first, block_of(here), block_of(there));
  for (std::uint64_t i = 0; i < fan_out; ++i) {
    compare(child(here, i), child(there, i), level - 1, first | i << bits_per_level * (level - 1), each);
  }
}

void BlockMap::differences(const BlockMap& other, const Difference& each) const {
  compare(root_, other.root_, levels_, 0, each);
}

}  // namespace gdbvm

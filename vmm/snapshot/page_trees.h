// Contents of RAM as trees of pages, which share what they have in common.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "vmm/memory/address.h"
#include "vmm/snapshot/counted_pool.h"

namespace gdbvm::snapshot {

using Page = std::array<std::byte, page_size>;

// A tree gives each page of RAM by its number; `no_page` is one of zeros. To change a page in a tree that shares the
// rest with another copies a few nodes of a cache line each. For one thread at a time.
class PageTrees final {
 public:
  using PageId = CountedPool<Page>::Id;
  using Tree = std::uint32_t;  // of this room; a reference to it, which its owner releases
  static constexpr PageId no_page = CountedPool<Page>::none;
  static constexpr Tree all_zero = 0;

  // For RAM of that many pages.
  explicit PageTrees(std::uint64_t pages);

  const Page* find(Tree tree, std::uint64_t number) const;  // nullptr: zeros
  // As `write` fills it, or zeros if it returns false. The other trees stay as they are. Throws std::bad_alloc, with
  // no change of what the tree contains.
  template <class F>
  void set(Tree& tree, std::uint64_t number, F write) {
    const PageId page = pages_.make();
    if (write(pages_[page])) return put(tree, levels_, number, page);
    pages_.free(page);
    put(tree, levels_, number, no_page);
  }
  void set_zero(Tree& tree, std::uint64_t number) { put(tree, levels_, number, no_page); }

  Tree share(Tree tree);
  void release(Tree tree) { release(tree, levels_); }

  // Calls each(number, page in `there`) for each page that is not the same one in both, in ascending order: takes as
  // long as there are such.
  template <class F>
  void differences(Tree here, Tree there, F each) const {
    compare(here, there, levels_, 0, each);
  }

  // No tree is in use: gives all memory back to the host.
  void clear();
  std::size_t pages_kept() const { return pages_.used(); }
  std::size_t nodes_kept() const { return nodes_.used(); }

 private:
  static constexpr unsigned bits_per_level = 4, fan_out = 1u << bits_per_level;
  using Id = std::uint32_t;  // of a node; at level 0 of a page
  struct alignas(64) Node {
    std::array<Id, fan_out> children;
  };
  static std::uint64_t index_at(unsigned level, std::uint64_t number) {
    return number >> bits_per_level * (level - 1) & (fan_out - 1);
  }
  void put(Id& at, unsigned level, std::uint64_t number, PageId page);
  void make_own(Id& node, unsigned level);
  void release(Id at, unsigned level);
  Id child(Id node, std::uint64_t index) const { return node ? nodes_[node].children[index] : 0; }

  template <class F>
  void compare(Id here, Id there, unsigned level, std::uint64_t first, F& each) const {
    if (here == there) return;
    if (level == 0) return each(first, there ? &pages_[there] : nullptr);
    for (std::uint64_t i = 0; i < fan_out; ++i) {
      compare(child(here, i), child(there, i), level - 1, first | i << bits_per_level * (level - 1), each);
    }
  }

  unsigned levels_;
  CountedPool<Node> nodes_;
  CountedPool<Page> pages_;
};

}  // namespace gdbvm::snapshot

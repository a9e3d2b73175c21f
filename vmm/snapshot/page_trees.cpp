#include "vmm/snapshot/page_trees.h"

#include <bit>

namespace gdbvm::snapshot {

PageTrees::PageTrees(std::uint64_t pages)
    : levels_((static_cast<unsigned>(std::bit_width(pages - 1)) + bits_per_level - 1) / bits_per_level) {}

const Page* PageTrees::find(Tree tree, std::uint64_t number) const {
  Id at = tree;
  for (unsigned level = levels_; level > 0; --level) at = child(at, index_at(level, number));
  return at ? &pages_[at] : nullptr;
}

void PageTrees::put(Id& at, unsigned level, std::uint64_t number, PageId page) {
  if (at == 0 && page == no_page) return;
  if (level == 0) {
    release(at, 0);
    at = page;
    return;
  }
  make_own(at, level);
  put(nodes_[at].children[index_at(level, number)], level - 1, number, page);
}

// The node, or a copy of it: nothing else refers to it.
void PageTrees::make_own(Id& node, unsigned level) {
  if (node && !nodes_.is_shared(node)) return;
  const Id own = nodes_.make();
  nodes_[own] = node ? nodes_[node] : Node{};
  for (const Id each : nodes_[own].children) {
    if (each) level > 1 ? nodes_.share(each) : pages_.share(each);
  }
  if (node) (void)nodes_.release(node);
  node = own;
}

PageTrees::Tree PageTrees::share(Tree tree) {
  if (tree) levels_ > 0 ? nodes_.share(tree) : pages_.share(tree);
  return tree;
}

void PageTrees::release(Id at, unsigned level) {
  if (at == 0) return;
  if (level == 0) {
    if (pages_.release(at)) pages_.free(at);
    return;
  }
  if (!nodes_.release(at)) return;
  for (const Id each : nodes_[at].children) release(each, level - 1);
  nodes_.free(at);
}

void PageTrees::clear() {
  nodes_.clear();
  pages_.clear();
}

}  // namespace gdbvm::snapshot

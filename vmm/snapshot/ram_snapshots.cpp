#include "vmm/snapshot/ram_snapshots.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>

#include "vmm/memory/fnv1a.h"
#include "vmm/memory/page_set.h"
#include "vmm/memory/used_pages.h"
#include "vmm/snapshot/page_trees.h"

namespace gdbvm::snapshot {

namespace {

constexpr Page zeros{};

// nullptr: zeros.
bool equal(const Page* one, const Page* other) {
  return std::memcmp(one ? one : &zeros, other ? other : &zeros, page_size) == 0;
}

// The guest's own bytes. false: they are all zero.
bool copy_own(const GuestMemory& memory, std::uint64_t number, Page& copy) {
  (void)memory.read_own(memory.address_of(number), {reinterpret_cast<std::uint8_t*>(copy.data()), copy.size()});
  return std::memcmp(copy.data(), zeros.data(), copy.size()) != 0;
}

// Calls each(number, is there anything in it?) for the written pages. When all count as written, most may never have
// been touched.
template <class F>
void each_written(const GuestMemory& memory, const PageSet& written, F each) {
  if (!written.is_all()) return written.each([&](std::uint64_t number) { each(number, true); });
  PageSet used(memory.pages());
  const UsedPages pages(memory);
  for (const auto& region : memory.writable()) {
    for (const auto& run : pages.in(region.start, region.size)) {
      const std::uint64_t first = memory.number_of(run.start);
      for (std::uint64_t i = 0; i < run.size / page_size; ++i) used.insert(first + i);
    }
  }
  written.each([&](std::uint64_t number) { each(number, used.contains(number)); });
}

}  // namespace

// While there are images, `present` is what RAM contains except in the pages of memory.written().
struct RamStore {
  explicit RamStore(std::uint64_t pages) : trees(pages) {}

  PageTrees trees;
  PageTrees::Tree present = PageTrees::all_zero;
  std::uint64_t images = 0;
};

// What the copies of an image share.
struct KeptRam {
  // Of a tree that is this one's from now on.
  KeptRam(std::shared_ptr<RamStore> of, PageTrees::Tree owned) : store(std::move(of)), tree(owned) { ++store->images; }
  ~KeptRam() {
    store->trees.release(tree);
    if (--store->images > 0) return;
    store->present = PageTrees::all_zero;
    store->trees.clear();
  }
  KeptRam(const KeptRam&) = delete;
  KeptRam& operator=(const KeptRam&) = delete;

  const std::shared_ptr<RamStore> store;
  const PageTrees::Tree tree;
};

RamSnapshots::RamSnapshots(GuestMemory& memory, SlotTable& slots, Vm& vm)
    : memory_(memory), slots_(slots), vm_(vm), store_(std::make_shared<RamStore>(memory.pages())) {}

RamImage RamSnapshots::take() {
  slots_.track_writes(vm_, true);
  slots_.collect_written(vm_);
  PageSet& written = *memory_.written();
  if (store_->images == 0) written.insert_all();
  each_written(memory_, written, [&](std::uint64_t number, bool used) {
    if (!used) return store_->trees.set_zero(store_->present, number);
    store_->trees.set(store_->present, number, [&](Page& page) { return copy_own(memory_, number, page); });
  });
  written.clear();
  return RamImage(std::make_shared<KeptRam>(store_, store_->trees.share(store_->present)));
}

void RamSnapshots::put_back(const RamImage& image) {
  if (image.kept_->store != store_) throw std::logic_error("an image of another machine's RAM");
  PageTrees& trees = store_->trees;
  const PageTrees::Tree then = image.kept_->tree;
  const bool flushed = slots_.collect_written(vm_);
  PageSet& written = *memory_.written();
  bool any = false;
  const auto replace = [&](std::uint64_t number, const Page* page) {
    memory_.replace_page(number, page ? *page : zeros);
    any = true;
  };
  each_written(memory_, written, [&](std::uint64_t number, bool used) {
    const Page* page = trees.find(then, number);
    if (page || used) replace(number, page);
  });
  trees.differences(store_->present, then, [&](std::uint64_t number, const Page* page) {
    if (!written.contains(number)) replace(number, page);
  });
  if (any) vm_.drop_translations();
  if (any && !flushed) slots_.flush_tlbs(vm_);  // a CPU that has written nothing may still have read the page tables
  trees.release(std::exchange(store_->present, trees.share(then)));
  written.clear();
}

bool RamSnapshots::same(const RamImage& one, const RamImage& other) const {
  const PageTrees& trees = store_->trees;
  bool same = true;
  trees.differences(one.kept_->tree, other.kept_->tree, [&](std::uint64_t number, const Page* page) {
    same = same && equal(trees.find(one.kept_->tree, number), page);
  });
  return same;
}

bool RamSnapshots::untouched(const RamImage& one, const RamImage& other, std::span<const std::uint64_t> numbers) const {
  return std::ranges::all_of(numbers, [&](std::uint64_t number) {
    return store_->trees.find(one.kept_->tree, number) == store_->trees.find(other.kept_->tree, number);
  });
}

void RamSnapshots::changes(const RamImage& from, const RamImage& to, const PageChange& each) const {
  store_->trees.differences(from.kept_->tree, to.kept_->tree, [&](std::uint64_t number, const Page* after) {
    const Page& before = page(from, number);
    if (!equal(&before, after)) each(number, before, after ? *after : zeros);
  });
}

std::uint64_t RamSnapshots::hash_of_changes(const RamImage& from, const RamImage& to) const {
  std::uint64_t hash = fnv1a_start;
  changes(from, to, [&](std::uint64_t number, const Page&, const Page& after) {
    hash = fnv1a(fnv1a(hash, std::as_bytes(std::span(&number, 1))), after);
  });
  return hash;
}

const Page& RamSnapshots::page(const RamImage& image, std::uint64_t number) const {
  const Page* const found = store_->trees.find(image.kept_->tree, number);
  return found ? *found : zeros;
}

RamImage RamSnapshots::with(const RamImage& image, std::span<const std::pair<std::uint64_t, Page>> pages) {
  PageTrees::Tree tree = store_->trees.share(image.kept_->tree);
  for (const auto& [number, contents] : pages) {
    store_->trees.set(tree, number, [&page = contents](Page& copy) {
      copy = page;
      return !equal(&page, nullptr);
    });
  }
  return RamImage(std::make_shared<KeptRam>(store_, tree));
}

std::uint64_t RamSnapshots::kept_bytes() const { return std::uint64_t{store_->trees.pages_kept()} * page_size; }

void RamSnapshots::rest() {
  if (store_->images == 0) slots_.track_writes(vm_, false);
}

}  // namespace gdbvm::snapshot

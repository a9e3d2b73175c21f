// RAM and the display's memory as they were at several moments, kept and put back by the pages that were written.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "vmm/machine/slot_table.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/snapshot/page_trees.h"

namespace gdbvm::snapshot {

struct RamStore;
struct KeptRam;

// What RAM contained at one moment: the guest's own bytes, without those that a debugger has put there. A copy takes no
// time. Images share the pages that they have in common; the last one that goes gives all memory back to the host.
// Copied and destroyed by one thread at a time, of all images of a machine, and not while one is taken or put back.
class RamImage final {
 public:
  explicit RamImage(std::shared_ptr<const KeptRam> kept) : kept_(std::move(kept)) {}
  bool operator==(const RamImage&) const = default;  // of the same take()

 private:
  friend class RamSnapshots;
  std::shared_ptr<const KeptRam> kept_;
};

// Of one machine. RAM includes the display's memory here; ROM is not the guest's to write, and what a debugger wrote
// there stays, as its breakpoints do. Everything is called while no vCPU is in a turn, and nobody else empties
// memory.written().
class RamSnapshots final {
 public:
  // All outlive it; images may outlive it.
  RamSnapshots(GuestMemory& memory, SlotTable& slots, Vm& vm);

  // Takes as long as there are pages written since the last take() or put_back(), and while there is no image, as there
  // is RAM in use. The guest's writes are tracked from then on. Throws std::bad_alloc.
  RamImage take();
  // Of an image taken here. Writes the pages written since the last of both, and those in which the image differs from
  // that one. No page counts as written by it.
  void put_back(const RamImage& image);

  // Both contain the same, whichever pages were written between them.
  bool same(const RamImage& one, const RamImage& other) const;

  // None of these pages was written between the two; zeros over a page of zeros are not seen.
  bool untouched(const RamImage& one, const RamImage& other, std::span<const std::uint64_t> numbers) const;

  // Of the pages that the one has and the other has not, whichever were written between them.
  std::uint64_t hash_of_changes(const RamImage& from, const RamImage& to) const;

  // Calls each(number, before, after) for these pages, in ascending order.
  using PageChange = std::function<void(std::uint64_t number, const Page& before, const Page& after)>;
  void changes(const RamImage& from, const RamImage& to, const PageChange& each) const;
  // As `image`, but for these pages, which are below memory.pages().
  RamImage with(const RamImage& image, std::span<const std::pair<std::uint64_t, Page>> pages);
  // Of an image, by its number.
  const Page& page(const RamImage& image, std::uint64_t number) const;

  // Ends the tracking of writes unless there is an image: the host maps a tracked guest by small pages.
  void rest();

  // What all images keep, together.
  std::uint64_t kept_bytes() const;

 private:
  GuestMemory& memory_;
  SlotTable& slots_;
  Vm& vm_;
  std::shared_ptr<RamStore> store_;
};

}  // namespace gdbvm::snapshot

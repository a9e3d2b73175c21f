// Room for many values of one type, each shared by those that refer to it.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace gdbvm::snapshot {

// References are counted as their owners say. Values stay where they are. What was freed last is made first, since the
// caches still have it. For one thread at a time.
template <class T>
class CountedPool final {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = 0;

  // One reference to a value that nobody has set. Throws std::bad_alloc.
  Id make() {
    if (free_.empty()) add();
    const Id id = free_.back();
    free_.pop_back();
    counts_[id] = 1;
    return id;
  }
  void share(Id id) { ++counts_[id]; }
  bool is_shared(Id id) const { return counts_[id] > 1; }
  // true: that was the last reference; release what the value itself refers to, then free it.
  [[nodiscard]] bool release(Id id) { return --counts_[id] == 0; }
  void free(Id id) { free_.push_back(id); }  // there is room

  T& operator[](Id id) { return chunks_[id / chunk_size].get()[id % chunk_size]; }
  const T& operator[](Id id) const { return chunks_[id / chunk_size].get()[id % chunk_size]; }

  std::size_t used() const { return counts_.size() - free_.size() - (counts_.empty() ? 0 : 1); }
  // Forgets all values and gives their memory back to the host.
  void clear() { *this = CountedPool(); }

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  // Mapped, and not had from the heap, which keeps what is freed in its midst; large enough for the host's large pages.
  static constexpr std::size_t chunk_bytes = std::size_t{32} << 20, chunk_size = chunk_bytes / sizeof(T);
  struct Unmap {
    void operator()(T* chunk) const { ::munmap(chunk, chunk_bytes); }
  };

  // One that was never used, to free_; the first of all is none.
  void add() {
    if (counts_.empty()) counts_.push_back(0);
    if (counts_.size() >= chunks_.size() * chunk_size) add_chunk();
    counts_.push_back(0);
    free_.reserve(counts_.capacity());
    free_.push_back(static_cast<Id>(counts_.size() - 1));
  }
  void add_chunk() {
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* const at = ::mmap(nullptr, chunk_bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    (void)::madvise(at, chunk_bytes, MADV_HUGEPAGE);  // a wish: fewer faults
    chunks_.emplace_back(static_cast<T*>(at));
  }

  std::vector<std::unique_ptr<T, Unmap>> chunks_;
  std::vector<std::uint32_t> counts_;
  std::vector<Id> free_;
};

}  // namespace gdbvm::snapshot

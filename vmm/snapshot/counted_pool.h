// Room for many values of one type, each shared by those that refer to it.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
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
    if (free_.empty()) add_chunk();
    const Id id = free_.back();
    free_.pop_back();
    counts_[id] = 1;
    return id;
  }
  void share(Id id) { ++counts_[id]; }
  bool is_shared(Id id) const { return counts_[id] > 1; }
  // true: that was the last reference; release what the value itself refers to, then free it.
  [[nodiscard]] bool release(Id id) { return --counts_[id] == 0; }
  void free(Id id) { free_.push_back(id); }  // has room: see add_chunk()

  T& operator[](Id id) { return chunks_[id / chunk_size].get()[id % chunk_size]; }
  const T& operator[](Id id) const { return chunks_[id / chunk_size].get()[id % chunk_size]; }

  std::size_t used() const { return counts_.empty() ? 0 : counts_.size() - 1 - free_.size(); }
  // Forgets all values and gives their memory back to the host.
  void clear() {
    free_.clear();
    counts_.clear();
    chunks_.clear();
  }

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr std::size_t chunk_bytes = std::size_t{2} << 20;  // the host's large pages: few faults
  static constexpr std::size_t chunk_size = chunk_bytes / sizeof(T);
  struct Free {
    void operator()(T* chunk) const { std::free(chunk); }
  };

  void add_chunk() {
    const std::size_t first = counts_.size();
    free_.reserve(first + chunk_size);
    counts_.reserve(first + chunk_size);
    std::unique_ptr<T, Free> chunk(static_cast<T*>(std::aligned_alloc(chunk_bytes, chunk_bytes)));
    if (!chunk) throw std::bad_alloc();
    (void)::madvise(chunk.get(), chunk_bytes, MADV_HUGEPAGE);  // a wish
    chunks_.push_back(std::move(chunk));
    counts_.resize(first + chunk_size);
    for (std::size_t id = first + chunk_size; id-- > first;) free_.push_back(static_cast<Id>(id));
    if (first == 0) free_.pop_back();  // none
  }

  std::vector<std::unique_ptr<T, Free>> chunks_;
  std::vector<std::uint32_t> counts_;
  std::vector<Id> free_;
};

}  // namespace gdbvm::snapshot

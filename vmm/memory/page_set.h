// A set of pages of RAM, by number.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace gdbvm {

// Calls `each` with the number of each bit that is set, in ascending order.
template <class F>
void each_bit(std::span<const std::uint64_t> words, F each) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t left = words[i]; left != 0; left &= left - 1) {
      each(i * 64 + static_cast<unsigned>(std::countr_zero(left)));
    }
  }
}

// A bitmap: few pages of many are found at 64 numbers a step.
class PageSet final {
 public:
  // For the numbers below `pages`.
  explicit PageSet(std::uint64_t pages) : pages_(pages), words_((pages + 63) / 64) {}

  // From any thread, several at once. What else there is must not go on meanwhile.
  void insert(std::uint64_t page) {
    const std::atomic_ref word(words_[page / 64]);
    const std::uint64_t bit = std::uint64_t{1} << page % 64;
    if (!(word.load(std::memory_order_relaxed) & bit)) word.fetch_or(bit, std::memory_order_relaxed);
  }
  void insert_all() {
    all_ = true;
    for (std::uint64_t& word : words_) word = ~std::uint64_t{0};
    if (pages_ % 64) words_.back() = (std::uint64_t{1} << pages_ % 64) - 1;
  }
  void clear() {
    all_ = false;
    words_.assign(words_.size(), 0);
  }

  bool is_all() const { return all_; }  // by insert_all()
  bool contains(std::uint64_t page) const { return words_[page / 64] >> page % 64 & 1; }
  // In ascending order.
  template <class F>
  void each(F f) const {
    each_bit(words_, f);
  }

 private:
  std::uint64_t pages_;
  bool all_ = false;
  std::vector<std::uint64_t> words_;
};

}  // namespace gdbvm

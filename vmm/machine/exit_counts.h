// How often the guest left to gdbvm, by reason: in free runs and in single steps, on any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <variant>

#include "vmm/hypervisor/exit.h"

namespace gdbvm {

class ExitCounts final {
 public:
  void count(const Exit& exit) { counts_[exit.index()].fetch_add(1, std::memory_order_relaxed); }
  // `kind` is an index into Exit.
  std::uint64_t of(std::size_t kind) const { return counts_[kind].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, std::variant_size_v<Exit>> counts_{};
};

}  // namespace gdbvm

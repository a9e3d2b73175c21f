// A walk over the whole tree of page tables, every leaf of it.
#include "vmm/memory/page_mappings.h"

#include <array>
#include <cstring>
#include <map>

namespace gdbvm {

namespace {

class Walk final {
 public:
  Walk(const GuestMemory& memory, const x86::SystemRegisters& system,
       const std::function<bool(const PageMapping&)>& visit)
      : memory_(memory), format_(system), visit_(visit) {}

  std::uint64_t run() {
    if (!format_.levels().empty()) table(format_.root(), 0, 0, {});
    return passed_over_;
  }

 private:
  // false: the visitor has seen enough.
  bool table(Gpa start, std::size_t depth, std::uint64_t base, paging::Rights above) {
    if (unsigned& visits = visits_[{start.value, depth}]; visits++ >= max_aliases) {
      ++passed_over_;
      return true;
    }
    const paging::Level& level = format_.levels()[depth];
    std::array<std::uint8_t, page_size> bytes{};  // entries outside RAM read as not present
    memory_.read(start, std::span(bytes).first(format_.entry_size() << level.index_bits));
    for (std::uint64_t i = 0; i < 1u << level.index_bits; ++i) {
      std::uint64_t entry = 0;
      std::memcpy(&entry, &bytes[i * format_.entry_size()], format_.entry_size());
      if (!(entry & paging::bits::present)) continue;
      if (!follow(entry, depth, canonical(base | i << level.shift), above & format_.rights(entry, level))) return false;
    }
    return true;
  }

  bool follow(std::uint64_t entry, std::size_t depth, std::uint64_t address, paging::Rights rights) {
    const paging::Level& level = format_.levels()[depth];
    const Gpa target = format_.target(entry, level);
    if (!format_.is_page(entry, level)) return table(target, depth + 1, address, rights);
    return visit_({{address}, target, std::uint64_t{1} << level.shift, entry, rights});
  }

  std::uint64_t canonical(std::uint64_t address) const {
    const unsigned width = format_.address_bits();
    if (width == 32 || !(address >> (width - 1) & 1)) return address;
    return address | ~std::uint64_t{0} << (width - 1);
  }

  const GuestMemory& memory_;
  const paging::Format format_;
  const std::function<bool(const PageMapping&)>& visit_;
  std::map<std::pair<std::uint64_t, std::size_t>, unsigned> visits_;  // by table and depth
  std::uint64_t passed_over_ = 0;
};

}  // namespace

std::uint64_t for_each_page(const GuestMemory& memory, const x86::SystemRegisters& system,
                            const std::function<bool(const PageMapping&)>& visit) {
  return Walk(memory, system, visit).run();
}

}  // namespace gdbvm

#include "vmm/debug/guest/table_msrs.h"

#include <algorithm>
#include <span>
#include <vector>

#include "vmm/x86/registers.h"

namespace gdbvm::x86 {

namespace {

// In one call, as each costs as much as ten MSRs do. One that the CPU lacks ends a call.
std::map<std::uint32_t, std::uint64_t> read_all(Vcpu& vcpu) {
  static const std::vector<std::uint32_t> indices = [] {
    std::vector<std::uint32_t> all;
    for (const Register& r : register_table()) {
      if (r.bank == Bank::Msr) all.push_back(r.where);
    }
    return all;
  }();
  std::map<std::uint32_t, std::uint64_t> found;
  std::vector<std::uint64_t> values(indices.size());
  for (std::span left(indices); !left.empty();) {
    const std::size_t count = vcpu.read_msrs(left, values);
    for (std::size_t i = 0; i < count; ++i) found[left[i]] = values[i];
    left = left.subspan(std::min(left.size(), count + 1));
  }
  return found;
}

}  // namespace

std::optional<std::uint64_t> TableMsrs::value(Vcpu& vcpu, std::uint32_t index) {
  if (!values_) values_ = read_all(vcpu);
  const auto found = values_->find(index);
  return found == values_->end() ? std::nullopt : std::optional(found->second);
}

}  // namespace gdbvm::x86

// The MSRs of the register table as a CPU has them, read once per stop.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "vmm/hypervisor/vcpu.h"

namespace gdbvm::x86 {

class TableMsrs final {
 public:
  // nullopt: this CPU has no such MSR, or the table has none. The first question reads all.
  std::optional<std::uint64_t> value(Vcpu& vcpu, std::uint32_t index);
  void forget() { values_.reset(); }

 private:
  std::optional<std::map<std::uint32_t, std::uint64_t>> values_;
};

}  // namespace gdbvm::x86

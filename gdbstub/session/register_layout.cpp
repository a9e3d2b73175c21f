// Lays the registers of all features out one after the other.
#include "gdbstub/session/register_layout.h"

namespace gdbstub {

RegisterLayout::RegisterLayout(const TargetDescription& description) {
  for (const Feature& feature : description.features) {
    for (const RegisterDescription& entry : feature.registers) {
      const RegisterNumber number{static_cast<std::uint32_t>(slots_.size())};
      const std::size_t size = (entry.bits + 7) / 8;
      slots_.push_back({&entry, &feature, total_, size});
      total_ += size;
      if (entry.role == GenericRole::Pc) pc_ = number;
      if (entry.expedited) expedited_.push_back(number);
    }
  }
}

const RegisterLayout::Slot* RegisterLayout::find(RegisterNumber number) const {
  return number.value < slots_.size() ? &slots_[number.value] : nullptr;
}

}  // namespace gdbstub

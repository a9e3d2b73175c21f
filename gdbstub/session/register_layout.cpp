// Lays the registers of all features out one after the other.
#include "gdbstub/session/register_layout.h"

namespace gdbstub {

RegisterLayout::RegisterLayout(const TargetDescription& description) {
  const std::size_t classic_features =
      description.classic_features == 0 ? description.features.size() : description.classic_features;
  for (const Feature& feature : description.features) {
    for (const RegisterDescription& entry : feature.registers) {
      const RegisterNumber number{static_cast<std::uint32_t>(slots_.size())};
      const std::size_t size = (entry.bits + 7) / 8;
      slots_.push_back({&entry, &feature, total_, size});
      total_ += size;
      if (entry.role == GenericRole::Pc) pc_ = number;
      if (entry.expedited) expedited_.push_back(number);
    }
    if (static_cast<std::size_t>(&feature - description.features.data()) < classic_features) classic_ = slots_.size();
  }
}

const RegisterLayout::Slot* RegisterLayout::find(RegisterNumber number) const {
  return number.value < slots_.size() ? &slots_[number.value] : nullptr;
}

}  // namespace gdbstub

// Where each register stands in the g packet, computed from a target description.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "gdbstub/target_description.h"
#include "gdbstub/types.h"

namespace gdbstub {

class RegisterLayout {
 public:
  struct Slot {
    const RegisterDescription* description;
    const Feature* feature;
    std::size_t offset;  // bytes
    std::size_t size;    // bytes
  };
  // The description must outlive the layout.
  explicit RegisterLayout(const TargetDescription& description);

  const std::vector<Slot>& slots() const { return slots_; }
  // nullptr: no such register.
  const Slot* find(RegisterNumber number) const;
  std::size_t total() const { return total_; }
  // The registers of the classic features, which come first.
  std::span<const Slot> classic() const { return std::span(slots_).first(classic_); }
  std::optional<RegisterNumber> pc() const { return pc_; }
  const std::vector<RegisterNumber>& expedited() const { return expedited_; }

 private:
  std::vector<Slot> slots_;
  std::vector<RegisterNumber> expedited_;
  std::optional<RegisterNumber> pc_;
  std::size_t total_ = 0;
  std::size_t classic_ = 0;
};

}  // namespace gdbstub

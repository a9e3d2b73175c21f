// Register states that LLDB has had saved, by id (QSaveRegisterState, QRestoreRegisterState).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace gdbstub {

class SavedRegisters {
 public:
  static constexpr std::size_t max_states = 64;

  // Returns the new state's id. At the limit the oldest state makes room.
  std::uint64_t save(std::vector<std::uint8_t> state);
  // Hands the state out and forgets it; nullopt if there is none of this id.
  std::optional<std::vector<std::uint8_t>> take(std::uint64_t id);

 private:
  std::map<std::uint64_t, std::vector<std::uint8_t>> states_;
  std::uint64_t next_ = 1;
};

}  // namespace gdbstub

#include "gdbstub/session/transfer.h"

#include <algorithm>
#include <utility>

namespace gdbstub {

void Transfer::set(Object object, std::string_view annex, std::string text) {
  object_ = object;
  annex_ = annex;
  text_ = std::move(text);
}

std::string_view Transfer::rest(std::uint64_t offset) const {
  return std::string_view(text_).substr(std::min<std::uint64_t>(offset, text_.size()));
}

}  // namespace gdbstub

// The document that a client is reading by qXfer: made once, handed out in pieces that fit together.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gdbstub/packets/command.h"

namespace gdbstub {

class Transfer {
 public:
  using Object = command::Transfer::Object;

  // Whether the document at hand is this one.
  bool holds(Object object, std::string_view annex) const { return object_ == object && annex_ == annex; }
  void set(Object object, std::string_view annex, std::string text);
  // What follows `offset`, of which a client may take the front.
  std::string_view rest(std::uint64_t offset) const;

 private:
  std::optional<Object> object_;
  std::string annex_;
  std::string text_;
};

}  // namespace gdbstub

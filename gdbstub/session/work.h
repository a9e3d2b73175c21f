// What is left to do for a packet that is answered only after several pieces of work (see gdbstub/piece.h).
#pragma once

#include "gdbstub/types.h"
#include "gdbstub/wire/reply.h"

namespace gdbstub {

struct Conversation;

// What a handler has come to: a reply to be sent, none, or none yet as there is more to do. An error becomes the reply.
enum class Answer { Reply, Nothing, Unfinished };
using Handled = Result<Answer>;

class Work {
 public:
  virtual ~Work() = default;
  // Does the next piece, with a reply that is empty again each time.
  virtual Handled proceed(Conversation& c, Reply& reply) = 0;
  // It is not to be finished: what the client is told.
  virtual Handled give_up(Conversation&, Reply&, Error why) { return std::unexpected(std::move(why)); }
};

}  // namespace gdbstub

// Runs the toy target on an io_context, in slices between which the debugger is served.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "gdbstub/server/server.h"
#include "support/toy_target.h"

namespace gdbstub::toy {

// Belongs to the thread that runs `context`.
class ToyHost {
 public:
  ToyHost(asio::io_context& context, const Endpoint& endpoint, const Patience& patience = {})
      : context_(context),
        target([this](TargetEvent event) { server->post(std::move(event)); }),
        session(target),
        server(std::make_unique<Server>(context, session, endpoint, patience)) {
    target.woken = [this] { wake(); };
  }

 private:
  void wake() {
    if (std::exchange(scheduled_, true)) return;
    asio::post(context_, [this] {
      scheduled_ = false;
      if (target.pump(1000) && !target.all_halted()) wake();
    });
  }
  asio::io_context& context_;
  bool scheduled_ = false;

 public:
  ToyTarget target;
  Session session;
  std::unique_ptr<Server> server;
};

}  // namespace gdbstub::toy

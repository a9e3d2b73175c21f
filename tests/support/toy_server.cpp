// Serves the toy target to real debuggers: toy_server ENDPOINT [--run], until a debugger kills it.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "gdbstub/server.h"
#include "support/toy_target.h"

using namespace gdbstub;

namespace {

// The guest runs in slices between which the debugger is heard.
struct Pump {
  asio::io_context& context;
  toy::ToyTarget& target;
  bool scheduled = false;

  void wake() {
    if (std::exchange(scheduled, true)) return;
    asio::post(context, [this] {
      scheduled = false;
      // A guest in which all threads are halted makes no progress: nothing to do until someone wakes it.
      if (target.pump(1000) && !target.all_halted()) wake();
    });
  }
};

int serve(const Endpoint& endpoint, bool run) {
  asio::io_context context(1);
  std::unique_ptr<Server> server;
  toy::ToyTarget target([&](TargetEvent event) { server->post(std::move(event)); });
  Pump pump{context, target};
  target.woken = [&] { pump.wake(); };
  target.run_when_detached = run;
  target.ended = [&] { context.stop(); };
  Session session(target);
  server = std::make_unique<Server>(context, session, endpoint);
  std::printf("listening on %s\n", server->address().c_str());
  std::fflush(stdout);
  if (run) target.start();
  context.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const Result<Endpoint> endpoint = argc < 2 ? fail("usage: toy_server ENDPOINT [--run]") : parse_endpoint(argv[1]);
  if (!endpoint) {
    std::fprintf(stderr, "toy_server: %s\n", endpoint.error().text.c_str());
    return 2;
  }
  try {
    return serve(*endpoint, argc > 2 && std::strcmp(argv[2], "--run") == 0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "toy_server: %s\n", error.what());
    return 2;
  }
}

// Serves the toy target to real debuggers: toy_server ENDPOINT [--run], until a debugger kills it.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "support/toy_host.h"

using namespace gdbstub;

namespace {

int serve(const Endpoint& endpoint, bool run) {
  asio::io_context context(1);
  toy::ToyHost host(context, endpoint);
  host.target.run_when_detached = run;
  host.target.ended = [&] { context.stop(); };
  if (const auto& address = host.server->address(); !address.empty()) std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  if (run) host.target.start();
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

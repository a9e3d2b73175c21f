// An emulator with a debug port: start it and type `target remote :PORT` in gdb.
#include "emulator_target.h"

int main(int argc, char** argv) {
  EmulatorTarget target(parse_endpoint(argc > 1 ? argv[1] : ":0").value());
  fmt::print(stderr, "listening on {}\n", target.server.address());
  target.context.run();
}

// An emulator to be debugged: start it and say `target remote :PORT` in gdb.
#include "emulator_target.h"

int main(int argc, char** argv) {
  EmulatorTarget target(parse_endpoint(argc > 1 ? argv[1] : ":0").value());
  fmt::print(stderr, "listening on {}\n", target.server.address());
  target.context.run();
}

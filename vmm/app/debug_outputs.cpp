#include "vmm/app/debug_outputs.h"

namespace gdbvm {

DebugOutputs::DebugOutputs(asio::io_context& context, const IoOptions& options, SerialSink& serial,
                           const Console::Interrupted& interrupted)
    : console_(&serial) {
  const auto open = [&](std::optional<Console>& own, const SerialEndpoint& where) -> SerialSink* {
    if (on_stdio(where) && on_stdio(options.serial)) return &serial;
    return &own.emplace(context, where, interrupted);
  };
  if (options.debug_console) console_ = open(of_console_, *options.debug_console);
  if (!options.firmware_log) return;
  firmware_log_ =
      options.firmware_log == options.debug_console ? console_ : open(of_firmware_log_, *options.firmware_log);
}

}  // namespace gdbvm

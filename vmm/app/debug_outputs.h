// Where the text of the debug ports goes: Bochs's console and the firmware's log.
#pragma once

#include <optional>

#include "vmm/app/options/io.h"
#include "vmm/console/console.h"

namespace gdbvm {

class DebugOutputs final {
 public:
  // `serial`, the serial port's output, outlives this. Throws as Console does.
  DebugOutputs(asio::io_context& context, const IoOptions& options, SerialSink& serial,
               const Console::Interrupted& interrupted);
  SerialSink& console() { return *console_; }
  SerialSink* firmware_log() { return firmware_log_; }  // nullptr: nobody asked for it

 private:
  std::optional<Console> of_console_, of_firmware_log_;
  SerialSink* console_;
  SerialSink* firmware_log_ = nullptr;
};

}  // namespace gdbvm
